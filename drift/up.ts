import { isLostRegistration } from "../automation/engineError";
import type { LogStack, OperationResult } from "../automation/logStack";
import { KubeApi } from "../cluster/kubeApi";
import { waitForDaemonSet } from "../cluster/rollout";
import { openStore } from "../cluster/store";
import { textOf } from "../domain/problem";
import { withoutSecrets } from "../diff/gather/masking";
import { Mask } from "../diff/mask";
import { thingKey } from "../diff/thing";
import { lookedAt } from "./gather/deployed";
import { putBackStore, putBackCharts, putBackOwn } from "./mend";
import { planOf, type Plan } from "./plan";

type Print = (line: string) => void;

/**
 * An `up` that also puts back what others changed since the last one.
 *
 * The program's own objects come first: the engine cannot change a field that somebody else has taken.
 * Objects of charts come last: by then Helm has made what the settings want now, so a change that was taken over into
 * them is never undone.
 */
export async function mendingUp(stack: LogStack, print: Print): Promise<OperationResult> {
  const mask = new Mask();
  const drifted = await withoutSecrets(mask, async () => before(stack, mask, print));
  const result = await stack.up();
  if (drifted) await withoutSecrets(mask, async () => after(stack, mask, print));
  return result;
}

/** Mends what must be mended before the engine runs. @returns whether objects of charts drifted */
async function before(stack: LogStack, mask: Mask, print: Print): Promise<boolean> {
  const seen = await lookedAt(stack, mask);
  const plan = planOf(seen);
  const [settings, kubeConfig] = [await stack.settings(), await stack.kubeConfig()];
  await putBackOwn(new KubeApi(kubeConfig), plan.own, seen.managers);
  if (plan.store.length > 0) {
    const store = await openStore(kubeConfig, settings);
    try {
      await putBackStore(store, plan.store, seen.wanted);
    } finally {
      await store.close();
    }
  }
  for (const line of linesOf(plan)) print(line);
  if (plan.refresh)
    await stack.refresh().catch((error: unknown) => {
      if (!isLostRegistration(textOf(error))) throw error;
    });
  if (plan.releases.length > 0) await stack.repeatUpgrades(plan.releases);
  return plan.charts.length > 0;
}

async function after(stack: LogStack, mask: Mask, print: Print): Promise<void> {
  const { charts } = planOf(await lookedAt(stack, mask));
  const [settings, kubeConfig] = [await stack.settings(), await stack.kubeConfig()];
  await putBackCharts(new KubeApi(kubeConfig), charts);
  for (const { wanted } of charts) print(`  put back: ${thingKey(wanted)} (${wanted.maker})`);
  if (charts.length > 0)
    await waitForDaemonSet(kubeConfig, { namespace: settings.namespaces.alloy, name: "alloy" }, print);
}

function linesOf({ own, store, releases, refresh }: Plan): string[] {
  return [
    ...[...own.map(({ wanted }) => wanted), ...store].map((thing) => `  put back: ${thingKey(thing)}`),
    ...releases.map(({ namespace, name }) => `  release ${namespace}/${name} drifted: Helm upgrades it again`),
    ...(refresh ? ["  objects in MinIO drifted: the state takes note of it, and up puts them back"] : []),
  ];
}

import { parse, stringify } from "yaml";
import type { Platform } from "./platform";
import { waitFor } from "./wait";

type Overrides = Record<string, Record<string, unknown>>;

const file = "runtime-config.yaml";
const name = "loki-runtime";

/**
 * Gives a tenant other limits during `work`, and then the old ones again. It sets them where an administrator would: in
 * Loki's runtime configuration, which Loki reloads by itself.
 */
export async function withTenantLimits<T>(
  p: Platform,
  tenant: string,
  limits: Record<string, unknown>,
  work: () => Promise<T>,
): Promise<T> {
  const namespace = p.settings.namespaces.loki;
  const before = (await p.cluster.core.readNamespacedConfigMap({ namespace, name })).data?.[file] ?? "{}";
  const { overrides = {} } = (parse(before) ?? {}) as { overrides?: Overrides };
  const was = await inForce(p);
  await replace(p, stringify({ overrides: { ...overrides, [tenant]: { ...overrides[tenant], ...limits } } }));
  try {
    await waitFor(`limits of ${tenant} in force`, 150, async () =>
      (await inForce(p)).every((now, index) => now !== was[index]) ? true : undefined,
    );
    return await work();
  } finally {
    await replace(p, before);
    await waitFor(`limits of ${tenant} as before`, 150, async () =>
      (await inForce(p)).join() === was.join() ? true : undefined,
    );
  }
}

async function replace(p: Platform, text: string): Promise<void> {
  const namespace = p.settings.namespaces.loki;
  const map = await p.cluster.core.readNamespacedConfigMap({ namespace, name });
  await p.cluster.core.replaceNamespacedConfigMap({ namespace, name, body: { ...map, data: { [file]: text } } });
  // The kubelet checks a pod's ConfigMaps about once a minute, but at once if the pod itself changes.
  for (const pod of (await Promise.all(p.lokiTargets.map(async (target) => p.cluster.podsOf(target)))).flat()) {
    pod.metadata!.annotations = { ...pod.metadata!.annotations, "logharbor.io/e2e-nudge": String(Date.now()) };
    await p.cluster.core.replaceNamespacedPod({ namespace, name: pod.metadata!.name!, body: pod });
  }
}

/** The hash of the runtime configuration in each Loki process that takes in lines. */
async function inForce(p: Platform): Promise<string[]> {
  const metrics = await p.askEach(p.workloads.loki, "metrics");
  return metrics.map((text) => {
    const hash = /^loki_runtime_config_hash\{.*sha256="([0-9a-f]+)".*\} 1$/m.exec(text)?.[1];
    if (hash === undefined) throw new Error("Loki does not show which runtime configuration it has read");
    return hash;
  });
}

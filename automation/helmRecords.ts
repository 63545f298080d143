import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { codeOf, OperatorError } from "../domain/problem";
import type { HelmRecord, ReleaseName } from "../cluster/helmRelease";

/** How to bring one interrupted release back to a point from which `up` can continue. */
export interface Recovery {
  /** The release, if `up` must repeat its upgrade; undefined if `up` installs it again. */
  upgrade?: ReleaseName;
  /** Records to remove. The release's objects, volumes and data stay as they are. */
  records: HelmRecord[];
  message: string;
}

/**
 * What to do about releases that an interrupted run left behind (Helm refuses to touch a pending one). Pure.
 *
 * - The newest revision is pending, and an older one is deployed: we remove only the pending record. That makes the
 *   deployed revision the current one again, and the next `up` upgrades from there.
 * - The release is pending and was never deployed, or it was deployed but the stack's state missed that: we remove all
 *   its records. The objects stay, marked as the release's own, and the next install adopts them, including volumes and
 *   data.
 */
export function recoveries(
  records: readonly HelmRecord[],
  known: readonly ReleaseName[],
  unfinished: readonly ReleaseName[],
): Recovery[] {
  const releases = new Map<string, HelmRecord[]>();
  for (const record of records) {
    const key = `${record.namespace}/${record.release}`;
    releases.set(key, [...(releases.get(key) ?? []), record]);
  }
  return [...releases].flatMap(([key, revisions]) => {
    const sorted = [...revisions].sort((a, b) => a.revision - b.revision);
    const pending = sorted.filter(({ status }) => status.startsWith("pending-"));
    const deployed = sorted.filter(({ status }) => status === "deployed" || status === "superseded").at(-1);
    if (includes(unfinished, key) && !includes(known, key)) {
      return [
        {
          records: sorted,
          message:
            `release ${key}: its installation was interrupted before the state knew of it; installing it again ` +
            "over what exists (volumes and data stay)",
        },
      ];
    }
    if (pending.length === 0) {
      return [];
    }
    if (deployed === undefined) {
      return [
        {
          records: sorted,
          message: `release ${key}: its installation was interrupted; installing it again over what exists (volumes and data stay)`,
        },
      ];
    }
    const upgrade = { namespace: deployed.namespace, name: deployed.release };
    return [
      {
        upgrade,
        records: pending,
        message:
          `release ${key}: its upgrade to revision ${pending.at(-1)?.revision} was interrupted; continuing from ` +
          `revision ${deployed.revision}, the last that was deployed`,
      },
    ];
  });
}

export async function removeRecords(kubeConfig: KubeConfig, records: readonly HelmRecord[]): Promise<void> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  for (const { namespace, secret } of records) {
    try {
      await core.deleteNamespacedSecret({ namespace, name: secret });
    } catch (error) {
      if (codeOf(error) !== 404) throw error;
    }
  }
}

function includes(names: readonly ReleaseName[], key: string): boolean {
  return names.some(({ namespace, name }) => `${namespace}/${name}` === key);
}

/** The error if a destroy has begun to remove a release that the state still holds, and has not finished. Pure. */
export function halfRemoved(
  stack: string,
  records: readonly HelmRecord[],
  known: readonly ReleaseName[],
): OperatorError | undefined {
  const halves = records.filter(
    ({ status, namespace, release }) => status === "uninstalling" && includes(known, `${namespace}/${release}`),
  );
  if (halves.length === 0) return undefined;
  return new OperatorError(
    `A destroy was interrupted while removing ${halves.map(({ namespace, release }) => `${namespace}/${release}`).join(", ")}.`,
    [`finish it first: npm run destroy -- --stack ${stack}`, `then: npm run up -- --stack ${stack}`],
  );
}

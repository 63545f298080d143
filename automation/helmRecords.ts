import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { codeOf, OperatorError } from "../domain/problem";
import { isSameRelease, type HelmRecord, type ReleaseName } from "../cluster/helmRelease";

/** How to bring one release back to a point from which `up` can continue. Its objects, volumes and data stay. */
export interface Recovery {
  /** The release. */
  release: ReleaseName;
  /**
   * What `up` does next: `upgrade` repeats an upgrade from the revision before; `install` installs over what exists, so
   * neither Helm nor the state may still know the release.
   */
  next: "upgrade" | "install";
  /** Helm's records to remove. */
  records: HelmRecord[];
  /** What was wrong, and what is done about it. */
  message: string;
}

/** What a stack's state says of its releases. */
export interface KnownReleases {
  /** Those that it holds. */
  known: readonly ReleaseName[];
  /** Those whose first creation began but was never recorded. */
  unfinished: readonly ReleaseName[];
}

/**
 * What to do about the releases of a stack that an interrupted run left behind. Helm refuses to touch a pending one, and
 * upgrades only from a revision that is deployed, or from a newest one that failed. Pure.
 *
 * - The state holds the release: the pending records go. If Helm can upgrade from what is left, `up` does that. Else
 *   the other records and the state's entry go too, and `up` installs the release. The objects carry Helm's mark of the
 *   release, so the installation adopts them.
 * - The release's creation began, and the state missed its end: all records go, and `up` installs it.
 * - The state knows nothing of it: it belongs to somebody else and stays.
 *
 * @param records Helm's records in the namespaces of these releases
 */
export function recoveries(records: readonly HelmRecord[], { known, unfinished }: KnownReleases): Recovery[] {
  const begun = unfinished.filter((release) => !known.some((other) => isSameRelease(release, other)));
  const of = (release: ReleaseName) =>
    records
      .filter(({ namespace, release: name }) => isSameRelease(release, { namespace, name }))
      .sort((a, b) => a.revision - b.revision);
  return [
    ...known.flatMap((release) => forKnown(release, of(release))),
    ...begun.flatMap((release): Recovery[] => {
      const all = of(release);
      if (all.length === 0) return [];
      const why = "its installation was interrupted before the state knew of it";
      return [
        { release, next: "install", records: all, message: `${text(release)}: ${why}; ${removed(all)}; ${again}` },
      ];
    }),
  ];
}

function forKnown(release: ReleaseName, all: HelmRecord[]): Recovery[] {
  const pending = all.filter(({ status }) => status.startsWith("pending-"));
  const base = all.filter((record) => !pending.includes(record));
  const from =
    base.filter(({ status }) => status === "deployed").at(-1) ??
    base.slice(-1).find(({ status }) => status === "failed" || status === "superseded");
  if (from !== undefined) {
    if (pending.length === 0) return [];
    const message =
      `${text(release)}: its upgrade was interrupted; ${removed(pending)}; ` +
      `up continues from revision ${from.revision} (${from.status})`;
    return [{ release, next: "upgrade", records: pending, message }];
  }
  const why = all.length === 0 ? "Helm has no record of it" : "no revision of it was ever deployed";
  const gone = all.length === 0 ? "removed its entry in the state" : `${removed(all)} and its entry in the state`;
  return [{ release, next: "install", records: all, message: `${text(release)}: ${why}; ${gone}; ${again}` }];
}

const again = "up installs it over what exists (volumes and data stay)";

function text({ namespace, name }: ReleaseName): string {
  return `release ${namespace}/${name}`;
}

function removed(records: readonly HelmRecord[]): string {
  const names = records.map(({ revision, status }) => `${revision} (${status})`).join(", ");
  return `removed Helm's record of ${records.length === 1 ? "revision" : "revisions"} ${names}`;
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

/** The error if a destroy has begun to remove a release that the state still holds, and has not finished. Pure. */
export function halfRemoved(
  stack: string,
  records: readonly HelmRecord[],
  known: readonly ReleaseName[],
): OperatorError | undefined {
  const halves = records.filter(
    ({ status, namespace, release: name }) =>
      status === "uninstalling" && known.some((release) => isSameRelease(release, { namespace, name })),
  );
  if (halves.length === 0) return undefined;
  return new OperatorError(
    `A destroy was interrupted while removing ${halves.map(({ namespace, release }) => `${namespace}/${release}`).join(", ")}.`,
    [`finish it first: npm run destroy -- --stack ${stack}`, `then: npm run up -- --stack ${stack}`],
  );
}

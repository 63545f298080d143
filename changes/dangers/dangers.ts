import type { Danger } from "../../domain/danger";
import { parseQuantity } from "../../domain/quantity";
import type { Settings } from "../../config/settings";
import { tierAddress } from "../../render/minio/tier";
import { keptDays } from "../../domain/retention";
import { speaksTls } from "../../render/tls";
import { planOf } from "../../render/plan";

/** A volume that exists: a claim, or a StatefulSet's template of claims. */
export interface Volume {
  name: string;
  size: string;
  storageClass?: string;
}

/** A workload that exists and keeps data. */
export interface ExistingWorkload {
  kind: "StatefulSet" | "Deployment";
  name: string;
  replicas: number;
  /** Name and version of the chart that made it, such as "loki-18.11.0". */
  chart?: string;
  image?: string;
  /** A StatefulSet's templates of claims. */
  volumes: Volume[];
}

/** What there is of a part in its namespace. */
export interface ExistingPart {
  workloads: ExistingWorkload[];
  claims: (Volume & { /** Whether its StorageClass lets it grow. */ expandable: boolean })[];
}

/** A period of the index schema, as Loki's configuration has it. */
interface Period {
  from: string;
  schema: string;
  index: { prefix: string };
}

/** What Loki runs with, as far as dangers depend on it. */
export interface ExistingLokiConfig {
  schema_config?: { configs?: Period[] };
  limits_config?: { retention_period?: string; retention_stream?: { selector: string; period: string }[] };
  common?: { storage?: { s3?: { bucketnames?: string; insecure?: boolean } } };
  ruler?: { storage?: { s3?: { bucketnames?: string } } };
}

/** What there is of a stack in its cluster. */
export interface Existing {
  minio: ExistingPart;
  loki: ExistingPart;
  /** Configuration of the Loki that runs; undefined where none does, or where it can't be read. */
  lokiConfig?: ExistingLokiConfig;
  /** Address of the remote tier that chunks have been moved to; undefined where there is none. */
  tier?: string;
  /** Namespaces that the stack has made for MinIO and Loki. */
  homes: { part: "minio" | "loki"; name: string }[];
}

/**
 * Everything that would lose logs or fail half way if a stack with these settings came over what exists. Pure.
 * @param today YYYY-MM-DD, UTC
 */
export function dangersOf(existing: Existing, settings: Settings, today: string): Danger[] {
  return [
    ...movedNamespaces(existing, settings),
    ...replacedMinio(existing, settings),
    ...statefulVolumes("minio.volumeSize", settings.namespaces.minio, existing.minio, minioVolumes(settings), settings),
    ...statefulVolumes("loki.volumeSize", settings.namespaces.loki, existing.loki, lokiVolumes(settings), settings),
    ...standaloneVolume(existing, settings),
    ...switchedTls(existing, settings),
    ...changedTopology(existing, settings),
    ...removedIngesters(existing, settings),
    ...editedSchema(existing, settings, today),
    ...cutRetention(existing, settings),
    ...replacedBuckets(existing, settings),
    ...changedTier(existing, settings),
    ...charts(existing, settings),
    ...downgradedLoki(existing, settings),
    ...unprotectedData(existing, settings),
  ];
}

function movedNamespaces({ homes }: Existing, { namespaces }: Settings): Danger[] {
  return homes
    .filter(({ part, name }) => namespaces[part] !== name)
    .map(({ part, name }) => ({
      key: `namespaces.${part}`,
      problem: `is ${namespaces[part]}, while the stack's ${part} lives in ${name}, which would be deleted with every log in it`,
      remedy: `set it back to ${name}`,
      allow: "namespace-moved",
    }));
}

/** The size of a pool is for ever: MinIO takes neither more nor fewer servers or drives. */
function replacedMinio({ minio }: Existing, settings: Settings): Danger[] {
  const server = minio.workloads.find(({ name }) => name === "minio");
  if (server === undefined) return [];
  const [servers, drives] = server.kind === "Deployment" ? [1, 1] : [server.replicas, server.volumes.length];
  const { servers: wanted, drivesPerServer } = settings.minio;
  if (servers === wanted && drives === drivesPerServer) return [];
  return [
    {
      key: servers === wanted ? "minio.drivesPerServer" : "minio.servers",
      problem:
        `makes ${wanted} x ${drivesPerServer} drives of ${servers} x ${drives}: MinIO can't change the size ` +
        "of what it stores on, so it would start empty or not at all",
      remedy: `set it back, or bring up a second stack of the new size and copy the buckets to it (mc mirror) before this one goes`,
      allow: "minio-replaced",
    },
  ];
}

function minioVolumes({ minio }: Settings): Record<string, string> {
  return minio.servers > 1 ? { minio: minio.volumeSize } : {};
}

function lokiVolumes(settings: Settings): Record<string, string> {
  const { singleBinary, write, backend } = planOf(settings).topology.replicas;
  const names = [
    ...(singleBinary > 0 ? ["loki"] : []),
    ...(write > 0 ? ["loki-write"] : []),
    ...(backend > 0 ? ["loki-backend"] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, settings.loki.volumeSize]));
}

/** Kubernetes forbids to change the volumes of a StatefulSet: the upgrade would fail in the middle. */
function statefulVolumes(
  key: string,
  namespace: string,
  { workloads, claims }: ExistingPart,
  wanted: Record<string, string>,
  { storageClass }: Settings,
): Danger[] {
  return Object.entries(wanted).flatMap(([name, size]) => {
    const workload = workloads.find((candidate) => candidate.kind === "StatefulSet" && candidate.name === name);
    if (workload === undefined) return claimsOfNone(key, name, size, claims);
    // The templates of one StatefulSet have one size.
    return workload.volumes.slice(0, 1).flatMap((volume): Danger[] => {
      if (volume.storageClass !== storageClass) {
        return [
          {
            key: "storageClass",
            problem:
              `is ${storageClass ?? "unset"}, while the volumes of StatefulSet ${name} are of ` +
              `${volume.storageClass ?? "the default class"}, which Kubernetes does not let change`,
            remedy: `set it back to ${volume.storageClass ?? "what it was: unset"}`,
          },
        ];
      }
      const [is, wants] = [parseQuantity(volume.size), parseQuantity(size)];
      if (is === wants) return [];
      if (wants < is)
        return [
          {
            key,
            problem: `is ${size}, below the ${volume.size} of StatefulSet ${name}: a volume can't shrink`,
            remedy: `set it back to ${volume.size}`,
          },
        ];
      return [
        {
          key,
          problem:
            `is ${size}, above the ${volume.size} of StatefulSet ${name}, whose volumes Kubernetes does not let ` +
            "change: up would fail half way",
          remedy: growth(namespace, name, size, claims),
        },
      ];
    });
  });
}

/** A StatefulSet that was taken away to let its volumes grow comes back over claims that must have grown. */
function claimsOfNone(key: string, name: string, size: string, claims: ExistingPart["claims"]): Danger[] {
  const small = claims.filter(
    (claim) => isClaimOf(claim.name, name) && parseQuantity(claim.size) < parseQuantity(size),
  );
  if (small.length === 0) return [];
  return [
    {
      key,
      problem: `is ${size}, while ${small.map((claim) => `${claim.name} has ${claim.size}`).join(", ")}`,
      remedy: `let the claims grow first, or set it back to ${small[0]?.size}`,
    },
  ];
}

function growth(namespace: string, name: string, size: string, claims: ExistingPart["claims"]): string {
  const own = claims.filter((claim) => isClaimOf(claim.name, name));
  const fixed = own.filter(({ expandable }) => !expandable);
  if (fixed.length > 0)
    return `set it back: the StorageClass of ${fixed.map((claim) => claim.name).join(", ")} does not let volumes grow`;
  const patch =
    `kubectl -n ${namespace} patch pvc ${own.map((claim) => claim.name).join(" ")} -p ` +
    `'{"spec":{"resources":{"requests":{"storage":"${size}"}}}}'`;
  return (
    "let the claims grow, take the StatefulSet away without its pods, then up, which brings it back: " +
    `${patch} && kubectl -n ${namespace} delete statefulset ${name} --cascade=orphan`
  );
}

function isClaimOf(claim: string, statefulSet: string): boolean {
  return new RegExp(`-${statefulSet}-\\d+$`).test(claim);
}

function standaloneVolume({ minio }: Existing, settings: Settings): Danger[] {
  const claim = minio.claims.find(({ name }) => name === "minio");
  if (claim === undefined || settings.minio.servers > 1) return [];
  const [is, wants] = [parseQuantity(claim.size), parseQuantity(settings.minio.volumeSize)];
  const key = "minio.volumeSize";
  if (wants < is)
    return [
      {
        key,
        problem: `is ${settings.minio.volumeSize}, below the ${claim.size} that MinIO has: a volume can't shrink`,
        remedy: `set it back to ${claim.size}`,
      },
    ];
  if (wants > is && !claim.expandable)
    return [
      {
        key,
        problem: `is ${settings.minio.volumeSize}, above the ${claim.size} that MinIO has, and its StorageClass does not let volumes grow`,
        remedy: `set it back to ${claim.size}`,
      },
    ];
  return [];
}

/**
 * Servers that speak TLS and others that do not form no MinIO, and an update brings them over one at a time: the first
 * would wait for the rest for ever.
 */
function switchedTls({ minio, lokiConfig }: Existing, settings: Settings): Danger[] {
  const server = minio.workloads.find(({ kind, name }) => kind === "StatefulSet" && name === "minio");
  const insecure = lokiConfig?.common?.storage?.s3?.insecure;
  if (server === undefined || insecure !== speaksTls(settings.tls)) return [];
  const { certificates } = settings.tls;
  return [
    {
      key: "tls.certificates",
      problem:
        `is ${certificates}, which all servers of MinIO must follow at once, while up would bring them over ` +
        "one at a time and stand still at the first",
      remedy:
        "take them away, which their volumes outlast and Loki waits for, then up, which brings them back: " +
        `kubectl -n ${settings.namespaces.minio} delete statefulset minio`,
    },
  ];
}

const lokiTargets = ["loki", "loki-write", "loki-read", "loki-backend"];

function changedTopology({ loki }: Existing, settings: Settings): Danger[] {
  const { singleBinary, write } = planOf(settings).topology.replicas;
  const ingester = singleBinary > 0 ? "loki" : "loki-write";
  const there = loki.workloads
    .filter(({ name, replicas }) => lokiTargets.includes(name) && replicas > 0)
    .map(({ name }) => name);
  const leaving = there.filter((name) => (name === "loki" && singleBinary === 0) || (name !== "loki" && write === 0));
  if (there.length === 0 || there.includes(ingester)) return [];
  return [
    {
      key: "topology",
      problem:
        `is ${settings.topology}, while ${leaving.join(", ")} run: they would be removed in one go, and ` +
        "lines that they have not flushed to the store stay behind on their volumes",
      remedy:
        "stop the senders or let Alloy hold on, have every ingester flush (POST /flush, then wait for " +
        "loki_ingester_memory_chunks to be 0), then allow it for one up",
      allow: "topology-change",
    },
  ];
}

/** Each ingester that goes takes its share of unflushed lines to the store; the quorum must outlast it. */
function removedIngesters({ loki }: Existing, settings: Settings): Danger[] {
  const { singleBinary, write } = planOf(settings).topology.replicas;
  const [name, wanted, key] =
    singleBinary > 0
      ? (["loki", singleBinary, "loki.replicas.singleBinary"] as const)
      : (["loki-write", write, "loki.replicas.write"] as const);
  const is = loki.workloads.find((workload) => workload.name === name)?.replicas ?? 0;
  if (is - wanted <= 1) return [];
  return [
    {
      key,
      problem: `is ${wanted}, while ${is} run: more than one ingester at a time would leave the ring`,
      remedy: `lower it by one, up, and again, down to ${wanted}`,
      allow: "ingesters-removed",
    },
  ];
}

function editedSchema({ lokiConfig }: Existing, { loki }: Settings, today: string): Danger[] {
  const existing = lokiConfig?.schema_config?.configs ?? [];
  if (existing.length === 0) return [];
  const key = "loki.schema";
  const text = (from: string, schema: string, prefix: string) => `${from} ${schema} ${prefix}`;
  const wanted = loki.schema.map(({ from, schema, indexPrefix }) => text(from, schema, indexPrefix));
  const begun = existing.filter(({ from }) => from <= today);
  const lost = begun.filter(({ from, schema, index }) => !wanted.includes(text(from, schema, index.prefix)));
  const early = loki.schema.filter(({ from }) => from <= today && !existing.some((period) => period.from === from));
  return [
    ...lost.map(({ from }): Danger => ({
      key,
      problem: `has no longer the period from ${from} as logs were stored under it: they could not be read any more`,
      remedy: "put it back as it was; a change of schema is a new period, appended, that begins in the future",
      allow: "schema-edited",
    })),
    ...early.map(({ from }): Danger => ({
      key,
      problem:
        `has a new period from ${from}, which has begun (it is ${today}, UTC): what was stored since then ` +
        "could not be read any more",
      remedy: "let it begin tomorrow or later",
      allow: "schema-edited",
    })),
  ];
}

function cutRetention({ lokiConfig }: Existing, { retention }: Settings): Danger[] {
  const limits = lokiConfig?.limits_config;
  const is = hours(limits?.retention_period);
  if (limits === undefined || is === undefined) return [];
  const key = retention.coldDays === undefined ? "retention.warmDays" : "retention.coldDays";
  const wanted = keptDays(retention) * 24;
  const allow = "retention-cut";
  const whole: Danger[] =
    wanted < is
      ? [
          {
            key,
            problem: `keeps logs for ${days(wanted)}, instead of ${days(is)} as now: the compactor would delete what is between`,
            remedy: `set it to at least ${Math.ceil(is / 24)}`,
            allow,
          },
        ]
      : [];
  const before = new Map(
    (limits.retention_stream ?? []).map(({ selector, period }) => [selector, hours(period) ?? is]),
  );
  const after = new Map(retention.streams.map((stream) => [stream.selector, stream.days * 24]));
  const streams = [...new Set([...before.keys(), ...after.keys()])].flatMap((selector): Danger[] => {
    const [was, will] = [before.get(selector) ?? is, after.get(selector) ?? wanted];
    if (will >= was) return [];
    return [
      {
        key: "retention.streams",
        problem: `keeps ${selector} for ${days(will)}, instead of ${days(was)} as now: the compactor would delete what is between`,
        remedy: `give ${selector} at least ${Math.ceil(was / 24)} days`,
        allow,
      },
    ];
  });
  return [
    ...whole,
    ...(whole.length > 0
      ? streams.filter(({ problem }) => !problem.includes(`for ${days(wanted)}, instead of ${days(is)}`))
      : streams),
  ];
}

function replacedBuckets({ lokiConfig }: Existing, { minio }: Settings): Danger[] {
  const used = {
    chunks: lokiConfig?.common?.storage?.s3?.bucketnames,
    ruler: lokiConfig?.ruler?.storage?.s3?.bucketnames,
  };
  return (["chunks", "ruler"] as const)
    .filter((role) => used[role] !== undefined && used[role] !== minio.buckets[role])
    .map((role) => ({
      key: `minio.buckets.${role}`,
      problem: `is ${minio.buckets[role]}, while Loki stores in ${used[role]}: that bucket would be deleted, and what it holds with it`,
      remedy: `set it back to ${used[role]}`,
      allow: "bucket-replaced",
    }));
}

/** The index goes on naming chunks that MinIO fetches from the tier. */
function changedTier({ tier: was }: Existing, { minio: { tier } }: Settings): Danger[] {
  const is = tier === undefined ? "unset" : tierAddress(tier);
  if (was === undefined || was === is) return [];
  const key = "minio.tier";
  const remedy =
    "set it back; to stop moving chunks, leave retention.coldDays out and keep the tier until what lies there is past its retention";
  return [
    {
      key,
      problem:
        `is ${is}, while chunks have been moved to ${was}: nothing would keep the way to them and its ` +
        "credentials, without which they can't be read",
      remedy,
      allow: "tier-changed",
    },
  ];
}

function charts({ minio, loki }: Existing, settings: Settings): Danger[] {
  const parts = { minio: minio.workloads, loki: loki.workloads };
  return (["minio", "loki"] as const).flatMap((part): Danger[] => {
    const { version, path } = settings.charts[part];
    const is = parts[part]
      .map(({ chart }) => new RegExp(`^${part}-(\\d+)\\.`).exec(chart ?? "")?.[1])
      .find((major) => major !== undefined);
    const wanted = /^(\d+)\./.exec(version)?.[1];
    if (path !== undefined || is === undefined || is === wanted) return [];
    return [
      {
        key: `charts.${part}.version`,
        problem:
          `is ${version}, while ${part} was installed by version ${is} of its chart: major versions rename ` +
          "values, which the chart then ignores in silence",
        remedy: `read the chart's changelog, run npm run charts:check with the new chart, then allow it for one up`,
        allow: "chart-major-upgrade",
      },
    ];
  });
}

/** An older Loki may not read what a newer one wrote. */
function downgradedLoki({ loki }: Existing, { images }: Settings): Danger[] {
  const is = loki.workloads.map(({ image }) => version(image?.split(":").at(-1))).find((found) => found !== undefined);
  const wanted = version(images.loki.tag);
  if (is === undefined || wanted === undefined || !isOlder(wanted, is)) return [];
  return [
    {
      key: "images.loki.tag",
      problem: `is ${wanted.join(".")}, older than the ${is.join(".")} that runs and may have written what the older one can't read`,
      remedy: `stay with ${is.join(".")} or newer`,
      allow: "loki-downgrade",
    },
  ];
}

function unprotectedData({ minio }: Existing, { profile, protectData }: Settings): Danger[] {
  if (profile !== "prod" || protectData || minio.workloads.length === 0) return [];
  return [
    {
      key: "protectData",
      problem: "is false in prod: from then on, a destroy or a replacement deletes every log without another word",
      remedy: "set it to true",
      allow: "data-unprotected",
    },
  ];
}

function version(tag: string | undefined): [number, number, number] | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(tag ?? "") ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function isOlder(a: readonly number[], b: readonly number[]): boolean {
  const index = a.findIndex((number, at) => number !== b[at]);
  return index >= 0 && a[index]! < b[index]!;
}

/** Hours of a duration as Loki's configuration has it; undefined where it has none, or keeps logs for ever. */
function hours(period: string | undefined): number | undefined {
  const [, amount, unit] = /^(\d+)([hdw])$/.exec(period ?? "") ?? [];
  return amount === undefined ? undefined : Number(amount) * { h: 1, d: 24, w: 168 }[unit as "h" | "d" | "w"];
}

function days(inHours: number): string {
  return `${inHours / 24} days`;
}

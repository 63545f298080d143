import { closest, distance } from "fastest-levenshtein";
import { troubleOf } from "../cluster/podTrouble";
import { collectName, marked, type Choice } from "../render/alloy/collect";
import { storeName } from "../domain/objectStore";
import type { Problem } from "../domain/problem";
import type { Facts } from "./facts";
import type { Check, RankedFinding } from "./finding";
import { containersOf, type PodFacts } from "./gather/pod";
import { counted, latest, total, type Watched } from "./metrics";

/** One hop of a line's way from a pod to a query. */
export interface Hop {
  /** What has to hold. */
  hop: string;
  /** `blocked`: behind a hop that fails. */
  state: "ok" | "fails" | "unknown" | "blocked";
  evidence: readonly string[];
  /** Why it fails, and what to do. */
  why?: Problem;
}

/** How much later than the kubelet Loki may have a line, in ms: Alloy sends every second, and looks for new files. */
const lagMs = 30_000;

type Verdict = Omit<Hop, "hop">;
const ok = (...evidence: string[]): Verdict => ({ state: "ok", evidence });
const unknown = (...evidence: string[]): Verdict => ({ state: "unknown", evidence });
const fails = (problem: string, remedy: Problem["remedy"], ...evidence: string[]): Verdict => ({
  state: "fails",
  evidence,
  why: { problem, remedy },
});

interface Way {
  facts: PodFacts;
  stack: Facts;
  findings: readonly RankedFinding[];
}

const hops: readonly [hop: string, judged: (way: Way) => Verdict][] = [
  ["the pod exists", exists],
  ["its container runs or has run", runs],
  ["it is not left out of collection", collected],
  ["it has written a line", wrote],
  ["an Alloy works on its node", collector],
  ["Alloy reads its files", reads],
  ["no limit of Alloy drops its lines", unlimited],
  ["Alloy's pushes reach Loki", sends],
  ["Loki takes lines", takes],
  ["Loki has its newest line", stored],
];

/**
 * The way of a pod's lines, hop by hop, up to the first that fails. If Loki has the newest line, no hop before it can
 * fail. Pure.
 */
export function trailOf(way: Way): Hop[] {
  let failed = false;
  const arrived = isStored(way);
  // Behind the line in Loki: what becomes of it.
  const inBucket: (typeof hops)[number] = [`${storeName(way.stack.settings.objectStore)} has its chunks`, flushed];
  return [...hops, inBucket].map(([hop, judged]) => {
    if (failed) return { hop, state: "blocked", evidence: [] };
    const verdict = judged(way);
    if (verdict.state === "fails" && arrived && judged !== flushed) return { hop, state: "ok", evidence: [] };
    failed = verdict.state === "fails";
    return { hop, ...verdict };
  });
}

function exists({ facts: { pod, namespace, name, others } }: Way): Verdict {
  if (pod === undefined) return unknown();
  if (pod !== null) return ok(`on node ${pod.spec?.nodeName ?? "(none yet)"}, ${pod.status?.phase}`);
  const longer = others.find((other) => other.startsWith(`${name}-`)); // the name of its Deployment
  const near = longer ?? (others.length === 0 ? undefined : closest(name, [...others]));
  const similar = near !== undefined && (near === longer || distance(name, near) <= name.length / 2);
  return fails(`there is no pod ${name} in namespace ${namespace}`, [
    ...(similar ? [`did you mean ${namespace}/${near}?`] : [`kubectl -n ${namespace} get pods lists them`]),
    `lines of a pod that is gone may still be in Loki: npm run logs -- '${facts(namespace)}' --since 24h`,
  ]);
}

const facts = (namespace: string) => `{namespace="${namespace}"}`;

function runs({ facts: { pod, container } }: Way): Verdict {
  if (!pod) return unknown();
  const names = (pod.spec?.containers ?? []).concat(pod.spec?.initContainers ?? []).map(({ name }) => name);
  if (container !== undefined && !names.includes(container))
    return fails(`the pod has no container ${container}`, `its containers are: ${names.join(", ")}`);
  const started = containersOf(pod);
  const wanted = container === undefined ? started : started.filter((name) => name === container);
  if (wanted.length > 0) return ok(`started: ${wanted.join(", ")}`);
  return fails("no container has started, so there is nothing to collect", "solve that first", ...troubleOf(pod));
}

function collected({ facts: { pod, namespace, namespaceMarks }, stack }: Way): Verdict {
  if (stack.settings.alloy.excludeNamespaces.includes(namespace))
    return fails(
      `namespace ${namespace} is excluded from collection`,
      "take it out of the setting alloy.excludeNamespaces, then npm run up",
      `alloy.excludeNamespaces: ${stack.settings.alloy.excludeNamespaces.join(", ")}`,
    );
  const byPod = marked(pod?.metadata, "false");
  if (pod && byPod !== undefined)
    return fails(
      "the pod has opted out of collection",
      `where the pod is made, remove the ${byPod}; for this pod: ${unmark(byPod, `pod -n ${namespace} ${pod.metadata?.name}`)}`,
      `${byPod} ${collectName}: "false" on the pod`,
    );
  const byNamespace = marked(namespaceMarks, "false");
  if (byNamespace !== undefined)
    return fails(
      `namespace ${namespace} has opted out of collection`,
      unmark(byNamespace, `namespace ${namespace}`),
      `${byNamespace} ${collectName}: "false" on the namespace`,
    );
  if (namespaceMarks === undefined) return unknown();
  const opted = [pod?.metadata, namespaceMarks].some((marks) => marked(marks, "true") !== undefined);
  if (stack.settings.alloy.collect === "all" || opted) return ok();
  return fails(
    "neither the pod nor its namespace has opted in to collection",
    `kubectl annotate namespace ${namespace} ${collectName}=true, or annotate or label the pod where it is made`,
    `alloy.collect: ${stack.settings.alloy.collect}`,
  );
}

/** The command that takes an object's choice away. */
function unmark(kind: Choice["kind"], what: string): string {
  return `kubectl ${kind === "label" ? "label" : "annotate"} ${what} ${collectName}-`;
}

function wrote({ facts: { written } }: Way): Verdict {
  if (written === undefined) return unknown();
  if (written !== null) return ok(`newest line of ${written.container}: ${written.at.toISOString()}`);
  return fails("the pod has written nothing", [
    "only what goes to stdout and stderr is collected, not files inside the container",
    "or the kubelet has already removed it",
  ]);
}

/** The first finding of some checks, as the verdict of a hop. */
function asFound({ findings }: Way, checks: readonly Check[], parts: readonly string[]): Verdict | undefined {
  const bad = findings.filter(
    ({ severity, check, part }) => severity !== "note" && checks.includes(check) && parts.includes(part),
  );
  const [first] = bad;
  if (first === undefined) return undefined;
  const root = findings.find(
    ({ check, part, followsFrom }) =>
      followsFrom === undefined && check === first.followsFrom?.check && part === first.followsFrom.part,
  );
  const { problem, remedy, evidence } = root ?? first;
  return fails(problem, remedy, ...evidence);
}

const health: readonly Check[] = [
  "nodes",
  "dns",
  "clock",
  "namespace",
  "cluster-role",
  "secret",
  "policy",
  "volume",
  "volume-full",
  "certificate",
  "objects",
  "workload",
  "pods",
  "collector-missing",
  "endpoints",
  "components",
  "loki-ready",
  "ring",
  "wal",
];

function collector(way: Way): Verdict {
  const {
    facts: { alloy, pod },
    stack,
  } = way;
  const node = pod?.spec?.nodeName;
  const found = asFound(way, health, ["cluster", "alloy"]);
  if (found !== undefined) return found;
  if (alloy === undefined)
    return !pod || stack.homes.alloy?.pods === undefined
      ? unknown()
      : fails(`no Alloy runs on node ${node}`, "npm run doctor says why");
  return ok(`pod ${alloy.pod}, ${alloy.components?.length ?? 0} components healthy`);
}

/** Files of the pod that Alloy has open, and the lines that it has read from them. */
function reads({ facts: { alloy, pod, namespace, name, container }, stack }: Way): Verdict {
  if (stack.settings.alloy.source !== "files" || alloy?.metrics === undefined || !pod) return unknown();
  const { first, later = first } = alloy.metrics;
  // Of a static pod, the folder is named after a hash of its file.
  const id = pod.metadata?.annotations?.["kubernetes.io/config.mirror"] ?? pod.metadata?.uid;
  const folder = `${stack.settings.alloy.podLogsDir}/${namespace}_${name}_${id}/${container === undefined ? "" : `${container}/`}`;
  const own = (labels: Readonly<Record<string, string>>) => labels.path?.startsWith(folder) === true;
  const lines = total(later, "loki_source_file_read_lines_total", own);
  const open = [
    ...(later.get("loki_source_file_read_lines_total") ?? []),
    ...(later.get("loki_source_file_file_bytes_total") ?? []),
  ];
  const seen = open.some(({ labels }) => own(labels));
  return seen
    ? ok(`${lines} lines read from ${folder}`)
    : fails(
        "Alloy has none of the pod's files open",
        `see what it says about them: kubectl -n ${stack.settings.namespaces.alloy} logs ${alloy.pod}`,
        `no series of loki_source_file_read_lines_total for ${folder}`,
      );
}

function unlimited({ facts: { alloy, namespace }, stack }: Way): Verdict {
  const { limits } = stack.settings.alloy;
  if (alloy?.metrics === undefined) return unknown();
  const name = "loki_process_dropped_lines_by_label_total";
  const { first, later } = alloy.metrics;
  const of = (look: typeof first) =>
    new Map([[name, (look.get(name) ?? []).filter(({ labels }) => labels.label_value?.split("/")[0] === namespace)]]);
  const [dropped] = counted([{ first: of(first), later: later && of(later) }], name, "label_name");
  if (dropped === undefined || (dropped.grown ?? 0) === 0) return ok();
  return fails(
    `Alloy drops lines of namespace ${namespace}: it writes more than alloy.limits allows`,
    ["raise alloy.limits.namespaceLinesPerSecond or appLinesPerSecond", "let the pod write less"],
    `${name}: ${dropped.total}, ${dropped.grown} more within the look`,
    `alloy.limits: ${JSON.stringify(limits)}`,
  );
}

function sends(way: Way): Verdict {
  const lost = asFound(way, ["gateway-login", "tenant", "drops", "not-sent", "stale-secret"], ["alloy"]);
  if (lost !== undefined) return lost;
  const { alloy } = way.facts;
  if (alloy?.metrics === undefined) return unknown();
  return ok(...sentBy(alloy.pod, alloy.metrics));
}

/** What became of the batches of an Alloy since it started. */
function sentBy(pod: string, metrics: Watched): string[] {
  const now = latest(metrics);
  const lines = total(now, "loki_write_sent_entries_total");
  const retries = total(now, "loki_write_batch_retries_total");
  const answers = counted([metrics], "loki_write_request_duration_seconds_count", "status_code");
  const dropped = counted([metrics], "loki_write_dropped_entries_total", "reason");
  const each = (counts: typeof answers) => counts.map(({ key, total: sum }) => `${key}: ${sum}`).join(", ");
  return [
    `since it started, ${pod} has sent ${lines} lines; ${retries} batches sent again; answers ${each(answers) || "none"}`,
    ...(dropped.length === 0 ? [] : [`lines that it dropped, by reason: ${each(dropped)}`]),
  ];
}

function takes(way: Way): Verdict {
  const found = asFound(way, [...health, "discards"], ["loki"]);
  if (found !== undefined) return found;
  return way.stack.lokis.length === 0 ? unknown() : ok(...way.stack.lokis.map(({ pod }) => `${pod} is ready`));
}

function isStored({ facts: { stored, written } }: Way): boolean {
  return stored instanceof Date && (!(written?.at instanceof Date) || written.at.getTime() - stored.getTime() < lagMs);
}

function stored(way: Way): Verdict {
  const { stored, written, query } = way.facts;
  if (stored === undefined) return unknown();
  const newest = `newest line of ${query} in Loki: ${stored?.toISOString() ?? "none within a day"}`;
  if (isStored(way)) return ok(newest);
  return fails(
    stored === null ? "Loki has no line of this pod" : "Loki lacks the newest lines of this pod",
    [
      "wait half a minute and run this again: lines may be on their way",
      `if it stays so: kubectl -n ${way.stack.settings.namespaces.alloy} logs ${way.facts.alloy?.pod ?? ""}`,
    ],
    newest,
    ...(written ? [`newest line that the kubelet has: ${written.at.toISOString()}`] : []),
  );
}

const storeHealth: readonly Check[] = [
  "store-down",
  "store-unreachable",
  "store-full",
  "store-login",
  "bucket",
  "flush",
];

/** Loki keeps a line in memory and in its write-ahead log until its chunk is stored. */
function flushed(way: Way): Verdict {
  const { chunks, stored } = way.facts;
  const found = asFound(way, storeHealth, ["minio", "object-store", "loki"]) ?? asFound(way, health, ["minio"]);
  if (found !== undefined) return found;
  if (chunks === undefined || !(stored instanceof Date)) return unknown();
  if (chunks.known === 0) return ok("none yet: Loki stores a chunk once it is full, or idle for 30 minutes");
  const where = storeName(way.stack.settings.objectStore);
  return ok(`chunks of its streams in ${where}: ${chunks.known}; read from there just now: ${chunks.read}`);
}

const marks: Readonly<Record<Hop["state"], string>> = { ok: "√", fails: "✗", unknown: "?", blocked: " " };

/** The way as text for people. Pure. */
export function trailText(trail: readonly Hop[], { query, unseen }: Pick<PodFacts, "query" | "unseen">): string {
  const failed = trail.find(({ state }) => state === "fails");
  return [
    ...trail.flatMap(({ hop, state, evidence, why }) => [
      `${marks[state]} ${hop}`,
      ...(why === undefined ? [] : [`    ${why.problem}`]),
      ...evidence.map((line) => `    ${line}`),
      ...(why === undefined ? [] : [why.remedy].flat().map((line) => `  -> ${line}`)),
    ]),
    "",
    ...unseen.map((what) => `? ${what}`),
    failed === undefined
      ? `this finds its lines: npm run logs -- '${query}'`
      : `first hop that fails: ${failed.why?.problem}`,
  ].join("\n");
}

import type { V1Node } from "@kubernetes/client-node";
import { collects } from "../../render/alloy/nodes";
import type { AlloyState, Facts } from "../facts";
import type { Finding } from "../finding";
import { isCollector } from "../gather/web";
import { counted, latest, total } from "../metrics";
import { linesWith, watchedOf } from "./loki";

/** What is wrong with the collection of lines. */
export function judgeAlloy(facts: Facts): Finding[] {
  return [
    ...missing(facts),
    ...components(facts),
    ...notLoaded(facts),
    ...tenants(facts),
    ...notSent(facts),
    ...drops(facts),
    ...unknownPods(facts),
    ...silentNodes(facts),
  ];
}

/** Nodes whose logs the stack collects, and which run no Alloy. */
function missing({ homes, nodes, settings }: Facts): Finding[] {
  const { namespace = "", daemonSets } = homes.alloy ?? {};
  const pods = homes.alloy?.pods?.filter(isCollector);
  if (nodes === undefined || pods === undefined) return [];
  const covered = new Set(pods.map(({ spec }) => spec?.nodeName));
  const wanted = nodes.filter(({ metadata }) => collects(metadata?.labels, settings.alloy));
  const bare = wanted.filter(({ metadata }) => !covered.has(metadata?.name));
  if (bare.length === 0) return [];
  const set = daemonSets?.find(({ metadata }) => metadata?.name === "alloy");
  const nodeSelector = set?.spec?.template.spec?.nodeSelector;
  const foreign = Object.entries(nodeSelector ?? {}).some(([key, value]) => settings.alloy.nodeSelector[key] !== value);
  const names = bare.map(({ metadata }) => metadata?.name ?? "");
  return [
    {
      check: "collector-missing",
      part: "alloy",
      severity: "error",
      problem: `no Alloy runs on ${names.join(", ")}`,
      evidence: [
        `${pods.length} pods of Alloy on ${wanted.length} nodes`,
        ...(set === undefined ? [] : [`DaemonSet alloy wants ${set.status?.desiredNumberScheduled ?? 0} pods`]),
        ...(nodeSelector === undefined ? [] : [`its nodeSelector: ${JSON.stringify(nodeSelector)}`]),
        ...bare.flatMap(taints),
      ],
      meaning: "logs of pods on these nodes are not collected; the kubelet keeps only the newest of each container",
      remedy: foreign
        ? "the stack sets no such nodeSelector; npm run drift shows it, npm run refresh and then npm run up remove it"
        : `see why: kubectl -n ${namespace} describe daemonset alloy`,
    },
  ];
}

function taints({ metadata, spec }: V1Node): string[] {
  const all = (spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  return all.length === 0 ? [] : [`taints of ${metadata?.name}: ${all.join(", ")}`];
}

function components({ alloys, settings }: Facts): Finding[] {
  const bad = alloys.flatMap(({ pod, components = [] }) =>
    components.filter(({ health }) => health !== "healthy").map((component) => ({ pod, ...component })),
  );
  const silent = alloys.filter((alloy) => alloy.silent !== undefined);
  const { alloy: namespace } = settings.namespaces;
  return [
    ...silent.map(({ pod, node, silent: why }): Finding => ({
      check: "components",
      part: "alloy",
      severity: "error",
      problem: `Alloy on ${node} does not answer`,
      evidence: [`pod ${pod}: ${why}`],
      meaning: "logs of this node may not be collected",
      remedy: `see what it says: kubectl -n ${namespace} logs ${pod}`,
    })),
    ...[...new Set(bad.map(({ id }) => id))].map((id): Finding => {
      const where = bad.filter((component) => component.id === id);
      return {
        check: "components",
        part: "alloy",
        severity: "error",
        problem: `component ${id} of Alloy is ${where[0]?.health}`,
        evidence: where.slice(0, 5).map(({ pod, message }) => `pod ${pod}: ${message}`),
        meaning: "lines do not get past this component",
        remedy: `see what it says: kubectl -n ${namespace} logs ${where[0]?.pod}`,
      };
    }),
  ];
}

/** A configuration that Alloy could not load, while it goes on with the one before. */
function notLoaded({ alloys, homes, settings }: Facts): Finding[] {
  const name = "alloy_config_last_load_successful";
  const bad = alloys.filter(({ metrics }) => metrics !== undefined && latest(metrics).get(name)?.[0]?.value === 0);
  if (bad.length === 0) return [];
  return [
    {
      check: "components",
      part: "alloy",
      severity: "error",
      problem: "Alloy could not load its configuration, and goes on with the one before",
      evidence: [
        ...bad.slice(0, 5).map(({ pod }) => `pod ${pod}: ${name} is 0`),
        ...linesWith(homes.alloy?.logs, /level=error/).slice(-1),
      ],
      meaning: "a change of the pipeline has no effect; an Alloy that restarts collects nothing",
      remedy: [
        `npm run drift shows whether ConfigMap alloy of namespace ${settings.namespaces.alloy} was changed by hand`,
        "npm run refresh and then npm run up make it again",
      ],
    },
  ];
}

/** Lines that Alloy sent for a tenant of no setting between the two looks: Loki takes them, and nobody finds them. */
function tenants({ alloys, settings }: Facts): Finding[] {
  const known = [settings.tenant, ...Object.values(settings.alloy.tenants)];
  const others = counted(watchedOf(alloys), "loki_write_sent_entries_total", "tenant").filter(
    ({ key, grown = 0 }) => grown > 0 && ![...known, ""].includes(key),
  );
  return others.map(({ key, grown = 0 }) => ({
    check: "tenant",
    part: "alloy",
    severity: "error",
    problem: `Alloy sends lines as tenant ${key}, and not as ${known.join(" or ")}`,
    evidence: [`loki_write_sent_entries_total{tenant="${key}"}: ${grown} more within the look`],
    meaning: "Loki stores them, but Grafana and npm run logs do not look for them there",
    remedy: [
      "npm run drift shows what differs from the settings; npm run refresh and then npm run up mend it",
      "if the setting tenant was changed: older lines stay with the tenant before",
    ],
  }));
}

/** Pushes that did not succeed between the two looks, and what Alloy says about them. */
function notSent({ alloys, homes }: Facts): Finding[] {
  const watched = watchedOf(alloys);
  const retries = counted(watched, "loki_write_batch_retries_total", "tenant").reduce(
    (sum, { grown = 0 }) => sum + grown,
    0,
  );
  const answers = counted(watched, "loki_write_request_duration_seconds_count", "status_code");
  const bad = answers.filter(({ key, grown = 0 }) => grown > 0 && !key.startsWith("2"));
  const good = answers.some(({ key, grown = 0 }) => grown > 0 && key.startsWith("2"));
  if (retries === 0 && bad.length === 0) return [];
  const said = linesWith(homes.alloy?.logs, /error sending batch/);
  return [
    {
      check: "not-sent",
      part: "alloy",
      severity: good ? "warning" : "error",
      problem: good ? "some pushes of Alloy to Loki fail" : "Alloy's pushes to Loki fail",
      evidence: [
        `within the look: ${retries} retries; answers ${answers.map(({ key, grown = 0 }) => `${key}: ${grown}`).join(", ") || "none"}`,
        ...said.slice(-1),
      ],
      meaning: "Alloy keeps the lines on the nodes and retries; what the kubelet rotates away meanwhile is lost",
      remedy: "see the findings of Loki; if there are none, the last lines of Alloy's log",
    },
  ];
}

/** What Alloy's reasons for a dropped line mean. */
const reasons: Readonly<Record<string, string>> = {
  ingester_error: "Loki refused the push (400, 401 or 404), and Alloy does not repeat such a push",
  rate_limited: "Loki answered 429",
  stream_limited: "Loki answered 429: the tenant has too many streams",
  line_too_long: "a line was longer than Loki takes",
  queue_is_full: "Alloy's queue was full",
};

/** Files whose pod the API server does not know: Alloy can't tell whether such a pod has opted out. */
function unknownPods({ alloys, settings }: Facts): Finding[] {
  const found = counted(watchedOf(alloys), "loki_process_dropped_lines_total", "reason");
  return found
    .filter(({ key }) => key === "unknown_pod")
    .map(({ total: sum, grown = 0 }): Finding => ({
      check: "drops",
      part: "alloy",
      severity: grown > 0 ? "warning" : "note",
      problem: `Alloy has read ${sum} lines of files whose pods are unknown, and dropped them`,
      evidence: [`loki_process_dropped_lines_total{reason="unknown_pod"}: ${sum}, ${grown} more within the look`],
      meaning:
        `the nodes hold folders in ${settings.alloy.podLogsDir} that match no pod of the API server: of pods that were ` +
        "deleted while Alloy was away, or of other programs",
      remedy: `compare the folders on the nodes (NAMESPACE_POD_ID) with kubectl get pods -A`,
    }));
}

function drops({ alloys, homes }: Facts): Finding[] {
  const said = linesWith(homes.alloy?.logs, /final error sending batch|dropping data/);
  return counted(watchedOf(alloys), "loki_write_dropped_entries_total", "reason").map(
    ({ key, total: sum, grown = 0 }): Finding => ({
      check: "drops",
      part: "alloy",
      severity: grown > 0 ? "error" : "note",
      problem: grown > 0 ? `Alloy loses lines: ${key}` : `Alloy has dropped lines since it started: ${key}`,
      evidence: [
        `loki_write_dropped_entries_total{reason="${key}"}: ${sum}, ${grown} more within the look`,
        ...said.slice(-1),
      ],
      meaning: `${reasons[key] ?? `its reason is ${key}`}. Of such a batch Loki may have stored the lines that it could`,
      remedy: "see the findings of Loki, which counts refused lines by reason; docs/limits.md explains each",
    }),
  );
}

/** How old the newest line of a node may be, in ms, if the node's Alloy has read something lately. */
const silenceMs = 10 * 60_000;

function silentNodes({ at, alloys, newest }: Facts): Finding[] {
  return [...newest].flatMap(([node, time]): Finding[] => {
    const alloy = alloys.find((one) => one.node === node);
    const age = at.getTime() - (time?.getTime() ?? 0);
    if (age < silenceMs || !hasWritten(alloy)) return [];
    return [
      {
        check: "node-silent",
        part: "alloy",
        severity: "warning",
        problem: `Loki has no line of node ${node} from the last ${time === null ? "hour" : `${Math.round(age / 60_000)} min`}`,
        evidence: [
          `newest line of {node="${node}"}: ${time?.toISOString() ?? "none within an hour"}`,
          `its Alloy read ${alloy?.metrics === undefined ? "an unknown number of" : String(linesRead(alloy))} lines since it started`,
        ],
        meaning: "its pods write lines, and they do not arrive",
        remedy: "npm run doctor -- --pod NAMESPACE/NAME, with a pod of this node, names the first hop that fails",
      },
    ];
  });
}

/** A node whose pods write nothing has no lines to miss: Alloy must have read some between the two looks. */
function hasWritten(alloy: AlloyState | undefined): boolean {
  return counted(watchedOf(alloy === undefined ? [] : [alloy]), "loki_source_file_read_lines_total", "path").some(
    ({ grown = 0 }) => grown > 0,
  );
}

function linesRead({ metrics }: AlloyState): number {
  return metrics === undefined ? 0 : total(metrics.later ?? metrics.first, "loki_source_file_read_lines_total");
}

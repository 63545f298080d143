import { compareValues, pathText, type ThingDifference } from "./compare";
import { jsonAt, textAt, type Json } from "./json";
import { shown } from "./mask";
import type { Report } from "./report";

type Restart = Report["restarts"][number];

const workloads = new Set(["StatefulSet", "Deployment", "DaemonSet"]);

/** The workloads whose pods a change replaces, in the order in which `up` comes to them. Pure. */
export function restartsIn(differences: readonly ThingDifference[]): Restart[] {
  const found = differences.flatMap(({ before, after }) => {
    if (before === undefined || after === undefined || !workloads.has(after.kind)) return [];
    const template = (content: Json) => jsonAt(content, "spec", "template");
    const fields = compareValues(template(before.content), template(after.content), ["spec", "template"]);
    if (fields.length === 0) return [];
    const because = fields.map(({ path }) => shown(pathText(path)));
    return [{ at: after.step ?? 0, ...identity(after), ...pace(after.kind, after.content), because }];
  });
  const steps = [...new Set(found.map(({ at }) => at))].sort((a, b) => a - b);
  return found
    .map(({ at, ...restart }): Restart => ({ step: steps.indexOf(at) + 1, ...restart }))
    .sort((a, b) => a.step - b.step || a.name.localeCompare(b.name));
}

function identity({ kind, namespace, name }: { kind: string; namespace?: string; name: string }) {
  return { kind, ...(namespace === undefined ? {} : { namespace }), name: shown(name) };
}

/** How many pods, and how Kubernetes replaces them. */
function pace(kind: string, content: Json): Pick<Restart, "pods" | "how"> {
  const type = textAt(content, "spec", "updateStrategy", "type") ?? textAt(content, "spec", "strategy", "type");
  const replicas = jsonAt(content, "spec", "replicas");
  const pods = kind === "DaemonSet" ? {} : { pods: typeof replicas === "number" ? replicas : 1 };
  if (type === "OnDelete") return { ...pods, how: "only when somebody deletes them" };
  if (type === "Recreate") return { ...pods, how: "all at once" };
  return { ...pods, how: { StatefulSet: "one by one", DaemonSet: "node by node" }[kind] ?? "new ones first" };
}

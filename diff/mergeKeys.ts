import { isObject, type Json, type JsonObject } from "./json";

/** Fields that together tell an element of a list, by the list's name, as Kubernetes merges it or its reader does. */
const fields: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // Of a container, then of a Service, then of a NetworkPolicy.
  ports: [["containerPort", "protocol"], ["port", "protocol"], ["port"]],
  volumeMounts: [["mountPath"]],
  volumeDevices: [["devicePath"]],
  topologySpreadConstraints: [["topologyKey", "whenUnsatisfiable"]],
  tolerations: [["key", "operator", "value", "effect"]],
  hostAliases: [["ip"]],
  items: [["key"]],
  subjects: [["kind", "namespace", "name"]],
  endpoints: [["port", "path"]],
  matchExpressions: [["key", "operator"]],
  rules: [["alert"], ["record"], ["id"]],
  webhooks: [["name"]],
};

/** Most lists of objects have names: containers, env, volumes, Secrets, groups of rules, … */
const named: readonly (readonly string[])[] = [["name"]];

/** The key of a list's element; undefined if it has none. Pure. */
export function keyOf(list: string, element: Json): string | undefined {
  if (!isObject(element)) return undefined;
  if (list === "volumeClaimTemplates") return text(isObject(element.metadata) ? element.metadata.name : undefined);
  for (const candidate of fields[list] ?? named) {
    const key = joined(element, candidate);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The values of the fields that are there; the first must be. The API server adds TCP where no protocol is named. */
function joined(element: JsonObject, names: readonly string[]): string | undefined {
  const values = names.map((name) => text(element[name]));
  if (values[0] === undefined) return undefined;
  return values
    .filter((value, index) => value !== undefined && !(names[index] === "protocol" && value === "TCP"))
    .join(" ");
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

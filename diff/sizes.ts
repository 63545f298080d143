import { parseQuantity } from "../domain/quantity";
import { formatRequests, type Requests } from "../render/requests";
import { jsonAt, listAt, plainText, textAt, type Json } from "./json";
import type { Report } from "./report";
import type { MaskedThing } from "./thing";

/** What the pods of these objects request. Pure. */
export function requestsOf(things: readonly MaskedThing[]): Report["requests"]["before"] {
  const sum = (kinds: readonly string[]) =>
    formatRequests(
      things
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ content }) => ofWorkload(content))
        .reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }), { cpu: 0, memory: 0 }),
    );
  return { fixed: sum(["StatefulSet", "Deployment"]), perNode: sum(["DaemonSet"]) };
}

function ofWorkload(content: Json): Requests {
  const replicas = jsonAt(content, "spec", "replicas");
  const count = typeof replicas === "number" ? replicas : 1;
  const total = (resource: string) =>
    count *
    listAt(content, "spec", "template", "spec", "containers")
      .map((container) => jsonAt(container, "resources", "requests", resource) ?? 0)
      .reduce<number>((sum, quantity) => sum + parseQuantity(plainText(quantity)), 0);
  return { cpu: total("cpu"), memory: total("memory") };
}

/** The charts and images in which two sides differ. Pure. */
export function versionsIn(before: readonly MaskedThing[], after: readonly MaskedThing[]): Report["versions"] {
  const [was, is] = [versionsOf(before), versionsOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((what) => {
    const [old, now] = [was.get(what), is.get(what)];
    return old === now
      ? []
      : [{ what, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) }];
  });
}

/** Versions by chart and image repository; several of one are in one text. */
function versionsOf(things: readonly MaskedThing[]): Map<string, string> {
  const found = new Map<string, Set<string>>();
  const note = (what: string, version: string) => found.set(what, (found.get(what) ?? new Set()).add(version));
  for (const { maker, content } of things) {
    const chart =
      textAt(content, "metadata", "labels", "helm.sh/chart") ?? textAt(content, "metadata", "labels", "chart");
    const [, version] = /-(\d+\.\d+\.\d+.*)$/.exec(chart ?? "") ?? [];
    if (version !== undefined && maker.startsWith("release ")) note(`chart ${maker.slice(8)}`, version);
    const pod = (list: string) => listAt(content, "spec", "template", "spec", list);
    for (const container of [...pod("initContainers"), ...pod("containers")]) {
      const image = textAt(container, "image") ?? "";
      // A port of the registry also has a colon, but a path behind it.
      const [, repository = "", tag = "latest"] = /^([^@]+?)(?:[:@](?!.*\/)(.+))?$/.exec(image) ?? [];
      if (image !== "") note(`image ${repository}`, tag);
    }
  }
  return new Map([...found].map(([what, versions]) => [what, [...versions].sort().join(", ")]));
}

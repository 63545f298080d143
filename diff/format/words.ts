import type { FieldReport, ObjectReport, Report } from "../report";

/** "StatefulSet logharbor-loki/loki-write". */
export function objectName({ kind, namespace, name }: Pick<ObjectReport, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** "3 changed, 1 added, 20 unchanged"; "no difference" if nothing differs. */
export function summary({ objects, unchanged }: Pick<Report, "objects" | "unchanged">): string {
  const counts = (["changed", "added", "removed"] as const).flatMap((change) => {
    const count = objects.filter((object) => object.change === change).length;
    return count === 0 ? [] : [`${count} ${change}`];
  });
  return [...(counts.length === 0 ? ["no difference"] : counts), `${unchanged} unchanged`].join(", ");
}

/** What was left out, in words; nothing if nothing was. */
export function leftOut({ leftOut: { checksums, chartLabels } }: Pick<Report, "leftOut">): string[] {
  return [
    ...(checksums > 0 ? [`${count(checksums, "checksum")} of what is shown`] : []),
    ...(chartLabels > 0 ? [`${count(chartLabels, "label")} with the version of a chart`] : []),
  ];
}

/** What the pods of a restart do: "3 pods, one by one". */
export function pace({ pods, how }: Report["restarts"][number]): string {
  return pods === undefined ? how : `${count(pods, "pod")}, ${how}`;
}

/** The head of a field's lines, with who wrote it if that is known. */
export function fieldTitle({ path, by, at }: Pick<FieldReport, "path"> & { by?: string; at?: string }): string {
  const who = by === undefined ? "" : ` by ${by}${at === undefined ? "" : `, ${at}`}`;
  return `@@ ${path} @@${who}`;
}

/** The lines of a field as `diff -u` marks them. */
export function fieldLines({ change, before, after, lines }: FieldReport): string[] {
  if (lines !== undefined) return lines;
  const value = (json: unknown) => (typeof json === "string" ? json : JSON.stringify(json));
  return [...(change === "added" ? [] : [`-${value(before)}`]), ...(change === "removed" ? [] : [`+${value(after)}`])];
}

/** The requests that differ, with both sides: "CPU 2 → 3". */
export function requestChanges({ requests: { before, after } }: Pick<Report, "requests">): string[] {
  const words = { fixed: "of all pods", perNode: "on each node" } as const;
  return (["fixed", "perNode"] as const).flatMap((where) =>
    (["cpu", "memory"] as const).flatMap((what) => {
      const [was, is] = [before[where][what], after[where][what]];
      return was === is ? [] : [`${what === "cpu" ? "CPU" : "memory"} ${words[where]}: ${was} → ${is}`];
    }),
  );
}

/** "chart loki: 18.11.0 → 18.12.0". */
export function versionChange({ what, before, after }: Report["versions"][number]): string {
  return `${what}: ${before ?? "none"} → ${after ?? "none"}`;
}

/** A danger with its remedies, as lines. */
export function dangerLines({ key, problem, remedy, allow, accepted }: Report["dangers"][number]): string[] {
  return [
    `logharbor:${key} ${problem}${accepted ? ` (accepted: logharbor:allow names ${allow})` : ""}`,
    ...(accepted ? [] : [`  -> ${remedy}`]),
    ...(accepted || allow === undefined
      ? []
      : [`  -> or accept it: pulumi config set --path 'logharbor:allow[0]' ${allow}`]),
  ];
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

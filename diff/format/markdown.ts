import type { ObjectReport, Report } from "../report";
import {
  count,
  dangerLines,
  fieldLines,
  leftOut,
  objectName,
  pace,
  requestChanges,
  summary,
  versionChange,
} from "./words";

/** Characters that a comment may have. GitHub refuses 65,536; GitLab takes more. */
export const markdownLimit = 65_000;
/** What one object may take while others wait. */
const objectLimit = 12_000;
/** What a list on top may take. */
const listLimit = 6_000;
/** Kept free for the words on what was cut. */
const reserve = 2_500;

/**
 * A report for a comment on a pull request. Pure.
 * @param limit characters that it may have. Default: {@link markdownLimit}
 */
export function markdownText(report: Report, limit = markdownLimit): string {
  const head = headOf(report);
  const shown: string[] = [];
  const cut: ObjectReport[] = [];
  let left = limit - reserve - head.length;
  for (const object of report.objects) {
    const text = objectText(object);
    if (cut.length === 0 && text.length <= left) {
      shown.push(text);
      left -= text.length + 1;
    } else cut.push(object);
  }
  return [head, ...shown, ...cutText(cut)].join("\n");
}

function headOf(report: Report): string {
  const refused = report.dangers.filter(({ accepted }) => !accepted);
  const accepted = report.dangers.filter((danger) => danger.accepted);
  return [
    `### Stack \`${inline(report.stack)}\`: ${summary(report)}`,
    "",
    `From ${escaped(report.before)} to ${escaped(report.after)}.`,
    "",
    ...list(":no_entry: Dangers that `up` refuses", refused.map(dangerLines)),
    ...list(":warning: Dangers that are accepted", accepted.map(dangerLines)),
    ...list(
      ":no_entry: Violated policies",
      report.policies.map(({ policy, violation }) => [`${policy}: ${violation}`]),
    ),
    ...list(
      "Restarts, in this order",
      report.restarts.map((one) => [`${one.step}. ${objectName(one)}: ${pace(one)}`]),
    ),
    ...list("Requests", requestChanges(report).map(alone)),
    ...list("Versions", report.versions.map(versionChange).map(alone)),
    ...list("Notes", report.notes.map(alone)),
    ...list("Left out", leftOut(report).map(alone)),
  ].join("\n");
}

const alone = (line: string): string[] => [line];

/** A list of entries, each of one line or more; says how many it has no room for. */
function list(title: string, entries: readonly (readonly string[])[]): string[] {
  if (entries.length === 0) return [];
  const lines: string[] = [];
  let left = listLimit;
  for (const [index, [first = "", ...more]] of entries.entries()) {
    const entry = [`- ${escaped(first)}`, ...more.map((line) => `  <br>${escaped(line.trim())}`)].join("\n");
    if (entry.length > left) {
      lines.push(`- and ${entries.length - index} more`);
      break;
    }
    left -= entry.length + 1;
    lines.push(entry);
  }
  return [`**${title}**`, "", ...lines, ""];
}

function objectText(object: ObjectReport): string {
  const lines = object.fields.flatMap((field) => [
    ...(field.path === "" ? [] : [`@@ ${field.path} @@`]),
    ...fieldLines(field),
  ]);
  const kept: string[] = [];
  let left = objectLimit;
  for (const line of lines) {
    if (line.length + 1 > left) break;
    kept.push(line);
    left -= line.length + 1;
  }
  const rest = lines.length - kept.length;
  const mark = { added: " (new)", removed: " (gone)", changed: "" }[object.change];
  return [
    `<details><summary>${html(`${objectName(object)}${mark}, ${object.maker}`)}</summary>`,
    "",
    ...fenced(kept, "diff"),
    ...(rest === 0 ? [] : ["", `${count(rest, "line")} more were cut.`]),
    "",
    "</details>",
    "",
  ].join("\n");
}

/** Lines that Markdown shows as they are. The fence is longer than any in them. */
export function fenced(lines: readonly string[], language: string): string[] {
  const fence = "`".repeat(
    Math.max(3, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length + 1)),
  );
  return [`${fence}${language}`, ...lines, fence];
}

function cutText(cut: readonly ObjectReport[]): string[] {
  if (cut.length === 0) return [];
  const names: string[] = [];
  let left = reserve - 300;
  for (const object of cut) {
    const name = `\`${inline(objectName(object))}\``;
    if (name.length + 2 > left) break;
    names.push(name);
    left -= name.length + 2;
  }
  const more = cut.length - names.length;
  return [
    `**${count(cut.length, "object")} had no room here:** ${names.join(", ")}${more === 0 ? "" : ` and ${more} more`}. ` +
      "`npm run diff` without `--format` shows all.",
    "",
  ];
}

function escaped(text: string): string {
  return html(text).replace(/[\\`*_[\]~|]/g, "\\$&");
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function inline(text: string): string {
  return text.replaceAll("`", "'");
}

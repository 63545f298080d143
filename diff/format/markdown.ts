import type { ObjectReport, Report } from "../report";
import {
  count,
  dangerLines,
  fieldLines,
  fieldTitle,
  leftOut,
  objectName,
  pace,
  requestChanges,
  summary,
  versionChange,
} from "./words";

/** Characters that a comment may have. GitHub refuses 65,536; GitLab takes more. */
export const markdownLimit = 65_000;
/** An object that differs, and what can be done about it if that is known. */
type Told = ObjectReport & { remedies?: readonly string[] };

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
  return [head, ...objectsText(report.objects, limit - head.length, "npm run diff")].join("\n");
}

/**
 * Objects that people can open, as many as there is room for, and the names of the others.
 * @param limit how many characters there are
 * @param command shows all of them
 */
export function objectsText(objects: readonly Told[], limit: number, command: string): string[] {
  const shown: string[] = [];
  const cut: Told[] = [];
  let left = limit - reserve;
  for (const object of objects) {
    const text = objectText(object);
    if (cut.length === 0 && text.length <= left) {
      shown.push(text);
      left -= text.length + 1;
    } else cut.push(object);
  }
  return [...shown, ...cutText(cut, command)];
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

function objectText(object: Told): string {
  const lines = object.fields.flatMap((field) => [
    ...(field.path === "" ? [] : [fieldTitle(field)]),
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
    ...(object.remedies ?? []).map((remedy, index) => `${index === 0 ? "\n" : ""}- ${escaped(remedy)}`),
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

function cutText(cut: readonly ObjectReport[], command: string): string[] {
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
      `\`${command}\` without \`--format\` shows all.`,
    "",
  ];
}

/** Text that Markdown does not read. */
export function escaped(text: string): string {
  return html(text).replace(/[\\`*_[\]~|]/g, "\\$&");
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Text between backticks. */
export function inline(text: string): string {
  return text.replaceAll("`", "'");
}

import { styleText } from "node:util";
import type { ObjectReport, Report } from "../report";
import {
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

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Colours text, or leaves it as it is. */
export function paintWith({ colours }: { colours: boolean }): Paint {
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

/** A report for a terminal, with the colours of `git diff` if wanted. Pure. */
export function terminalText(report: Report, { colours }: { colours: boolean }): string {
  const paint = paintWith({ colours });
  const section = (title: string, lines: readonly string[], style: Style = "bold") =>
    lines.length === 0 ? [] : [paint(style, title), ...lines.map((line) => `  ${line}`), ""];
  const refused = report.dangers.filter(({ accepted }) => !accepted);
  const lines = [
    paint("bold", `--- ${report.before}`),
    paint("bold", `+++ ${report.after}`),
    "",
    ...section("Dangers that up refuses", refused.flatMap(dangerLines), "red"),
    ...section("Dangers that are accepted", report.dangers.filter(({ accepted }) => accepted).flatMap(dangerLines)),
    ...section(
      "Violated policies",
      report.policies.map(({ policy, violation }) => `${policy}: ${violation}`),
      "red",
    ),
    ...section(
      "Restarts, in this order",
      report.restarts.map((one) => `${one.step}. ${objectName(one)}: ${pace(one)}`),
    ),
    ...section("Requests", requestChanges(report)),
    ...section("Versions", report.versions.map(versionChange)),
    ...section("Notes", report.notes),
    ...report.objects.flatMap((object) => [...objectLines(object, paint), ""]),
    paint("bold", summary(report)),
    ...leftOut(report).map((what) => `left out: ${what}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** An object with its fields, as `git diff` shows a file. */
export function objectLines(object: ObjectReport, paint: Paint): string[] {
  const mark = { added: "new ", removed: "gone ", changed: "" }[object.change];
  return [
    paint("bold", `${mark}${objectName(object)} (${object.maker})`),
    ...object.fields.flatMap((field) => [
      ...(field.path === "" ? [] : [paint("cyan", fieldTitle(field))]),
      ...fieldLines(field).map((line) => paintedLine(line, paint)),
    ]),
  ];
}

function paintedLine(line: string, paint: Paint): string {
  if (line.startsWith("+")) return paint("green", line);
  if (line.startsWith("-")) return paint("red", line);
  return line.startsWith("@@") ? paint("cyan", line) : line;
}

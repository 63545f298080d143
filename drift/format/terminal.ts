import { objectLines, paintWith } from "../../diff/format/terminal";
import type { DriftReport } from "../report";
import { summary } from "./words";

/** A report for a terminal, with the colours of `git diff` if wanted. Pure. */
export function terminalText(
  { stack, objects, unchanged, unseen }: DriftReport,
  colours: { colours: boolean },
): string {
  const paint = paintWith(colours);
  const lines = [
    paint("bold", `--- stack ${stack}, as deployed`),
    paint("bold", "+++ as it is"),
    "",
    ...objects.flatMap((object) => [
      ...objectLines(object, paint),
      ...object.remedies.map((remedy) => `-> ${remedy}`),
      "",
    ]),
    paint("bold", summary({ objects, unchanged })),
    ...unseen.map((what) => `not looked at: ${what}`),
  ];
  return `${lines.join("\n")}\n`;
}

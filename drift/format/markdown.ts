import { escaped, inline, markdownLimit, objectsText } from "../../diff/format/markdown";
import type { DriftReport } from "../report";
import { summary } from "./words";

/** A report for an issue, at most {@link markdownLimit} characters. Pure. */
export function markdownText({ stack, objects, unchanged, unseen }: DriftReport): string {
  const head = [
    `### Stack \`${inline(stack)}\` drifted: ${summary({ objects, unchanged })}`,
    "",
    ...unseen.slice(0, 20).map((what) => `- not looked at: ${escaped(what)}`),
    "",
  ].join("\n");
  return [head, ...objectsText(objects, markdownLimit - head.length, "npm run drift")].join("\n");
}

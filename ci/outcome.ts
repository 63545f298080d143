import { fenced, markdownLimit, markdownText } from "../diff/format/markdown";
import { jsonText } from "../diff/format/json";
import { terminalText } from "../diff/format/terminal";
import type { Report } from "../diff/report";
import { isRefused } from "../diff/verdict";

/** What was found out about a change of a stack. */
export interface Outcome {
  stack: string;
  /** What it does to every object; absent if that failed. */
  report?: Report;
  /** What the engine would do, in a few words; absent if it was not asked, or failed. */
  planned?: string;
  /** What failed, for people. */
  failures: readonly string[];
}

/** What one failure may take of a comment. */
const failureLimit = 6_000;

/** 0 nothing stands against the change, 1 something failed, 3 dangers that are not allowed or violated policies. Pure. */
export function statusOf({ report, failures }: Outcome): 0 | 1 | 3 {
  if (report !== undefined && isRefused(report)) return 3;
  return failures.length > 0 ? 1 : 0;
}

/** The files that a run may leave: the text of a comment, the whole difference in two formats, what failed. */
export const outcomeFiles = ["comment.md", "diff.json", "diff.txt", "failures.txt"] as const;

/** The files that a run leaves, by their names. Pure. */
export function filesOf({
  stack,
  report,
  planned,
  failures,
}: Outcome): Partial<Record<(typeof outcomeFiles)[number], string>> {
  const told = report && planned ? { ...report, notes: [...report.notes, `Pulumi's preview: ${planned}`] } : report;
  const failed = failures.flatMap(failureLines).join("\n");
  const title = `### Stack \`${stack}\`: the preview failed\n\n`;
  return {
    "comment.md":
      told === undefined ? `${title}${failed}\n` : `${failed}${markdownText(told, markdownLimit - failed.length)}`,
    ...(told === undefined ? {} : { "diff.json": jsonText(told), "diff.txt": terminalText(told, { colours: false }) }),
    ...(failures.length === 0 ? {} : { "failures.txt": `${failures.join("\n\n")}\n` }),
  };
}

function failureLines(failure: string): string[] {
  const text = failure.length > failureLimit ? `${failure.slice(0, failureLimit)} …` : failure;
  return [":no_entry: **This failed:**", "", ...fenced(text.split("\n"), "text"), "", ""];
}

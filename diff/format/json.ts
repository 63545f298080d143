import type { Report } from "../report";

/** A report as JSON; `reportSchema` says what it means. Pure. */
export function jsonText(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

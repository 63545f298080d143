/** A report as JSON; its schema says what it means. Pure. */
export function jsonText(report: object): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** How a command writes its report. */
export const formats = ["terminal", "markdown", "json"] as const;
export type Format = (typeof formats)[number];

/** Whether a report on standard output has colours. */
export function wantsColours(): boolean {
  return process.stdout.isTTY && process.env.NO_COLOR === undefined;
}

/** Levels of lines, and the words and letters (of klog) by which programs state them. */
const words = { trace: "trace", debug: "debug", info: "info", warn: "warn(?:ing)?", error: "err(?:or)?" } as const;

export type LevelName = keyof typeof words;

export const levelNames = Object.keys(words) as [LevelName, ...LevelName[]];

/**
 * Expression (RE2) for lines that state a level: in a field of JSON or logfmt, as a word in capitals, or as klog does.
 */
export function levelExpression(level: LevelName): string {
  const word = words[level];
  const klog = ["info", "warn", "error"].includes(level) ? String.raw`|^${level[0]!.toUpperCase()}\d{4} ` : "";
  const capitals = word.toUpperCase();
  return String.raw`(?i:\b(?:level|lvl|severity)["']?\s*[=:]\s*["']?${word}\b)|(?:^|[\s\[(|])${capitals}(?:[\s\]):|]|$)${klog}`;
}

/** A source of numbers that look random and are the same at each run (mulberry32). */
export function random(seed: number) {
  let state = seed;
  /** A whole number below `limit`. */
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const chars = (of: string, length: number): string => Array.from({ length }, () => of[below(of.length)]).join("");
  return { below, pick, chars };
}

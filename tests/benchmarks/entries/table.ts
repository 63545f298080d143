import { median, ratio } from "../encodings/measurement";
import type { Cost } from "./measure";

/**
 * The table in markdown. Each round is compared with the same round of the base; the column shows the median, and the
 * least and the most, because a busy machine makes single rounds worth little.
 */
export function markdown(costs: readonly Cost[], base: string): string {
  const plain = costs.find(({ name }) => name === base)?.microseconds ?? [];
  const rows = costs.map(({ name, microseconds }) => {
    const ratios = microseconds.map((one, round) => one / (plain[round] ?? NaN));
    const [least, most] = [Math.min(...ratios).toFixed(2), Math.max(...ratios).toFixed(2)];
    return `| ${name} | ${median(microseconds).toFixed(0)} | ${ratio(microseconds, plain).toFixed(2)} (${least} to ${most}) |`;
  });
  return [
    "| what Alloy does to the lines | µs of processor time a line | to nothing (least to most) |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

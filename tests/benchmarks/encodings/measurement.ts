import type { Kind } from "./lines";

/** One encoding with the logs of one kind. */
export interface Measurement {
  readonly kind: Kind;
  readonly encoding: string;
  readonly lines: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly chunks: number;
  /** Processor time of each round: to take the lines in and flush them; to count all, then those with a text. */
  readonly writeNanoseconds: readonly number[];
  readonly readNanoseconds: readonly number[];
  /** Chunks that were the same bytes in every round, each of which is a Loki process of its own. */
  readonly identicalChunks: number;
  /** Those that stay so when every second line arrives before its predecessor. */
  readonly reorderedChunks: number;
}

/** Memory that a Loki process held at most, in bytes, in each round. */
export interface Memory {
  readonly encoding: string;
  readonly flushBytes: readonly number[];
  readonly queryBytes: readonly number[];
}

/** Everything that was measured, and with what. */
export interface Result {
  readonly cores: number;
  readonly measurements: readonly Measurement[];
  readonly memory: readonly Memory[];
}

/**
 * What one encoding takes for each unit of the other: each round is compared with the same round of the other, since
 * they had the same moments of the machine, and the median counts.
 */
export function ratio(own: readonly number[], others: readonly number[]): number {
  return median(own.map((value, round) => value / (others[round] ?? NaN)));
}

/** The lower of the two in the middle where there are two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? NaN;
}

import type { Kind } from "./lines";

/** One encoding with the logs of one kind. */
export interface Measurement {
  readonly kind: Kind;
  readonly encoding: string;
  readonly lines: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly chunks: number;
  /** Processor time of each round: to take in and flush the lines; to count all, then those with a text. */
  readonly writeNanoseconds: readonly number[];
  readonly readNanoseconds: readonly number[];
  /** Chunks with the same bytes in every round; each round is a separate Loki process. */
  readonly identicalChunks: number;
  /** Those that stay the same when every second line arrives before its predecessor. */
  readonly reorderedChunks: number;
}

/** Peak memory of a Loki process, in bytes, in each round. */
export interface Memory {
  readonly encoding: string;
  readonly flushBytes: readonly number[];
  readonly queryBytes: readonly number[];
}

/** All figures, and what they were measured with. */
export interface Result {
  readonly cores: number;
  readonly measurements: readonly Measurement[];
  readonly memory: readonly Memory[];
}

/**
 * What one encoding costs for each unit of the other. Compares each round with the same round of the other, because
 * both saw the machine in the same state, and returns the median.
 */
export function ratio(own: readonly number[], others: readonly number[]): number {
  return median(own.map((value, round) => value / (others[round] ?? NaN)));
}

/** The median; of two values in the middle, the lower one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? NaN;
}

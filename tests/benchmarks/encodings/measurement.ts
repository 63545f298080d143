import { z } from "zod";

const count = z.int().min(0);
const rounds = z.array(z.int().positive()).min(1);

const measurementSchema = z.strictObject({
  kind: z.enum(["JSON", "logfmt", "plain text"]),
  encoding: z.string(),
  lines: count.positive(),
  rawBytes: count.positive(),
  storedBytes: count.positive(),
  chunks: count.positive(),
  writeNanoseconds: rounds,
  readNanoseconds: rounds,
  identicalChunks: count,
  reorderedChunks: count,
  openBytes: count,
  flushBytes: count,
});

const resultSchema = z.strictObject({ cores: count.positive(), goVersion: z.string(), measurements: z.array(measurementSchema).min(1) });

/** One encoding with the logs of one kind, as local/parts/loki/encodings measured it. */
export type Measurement = z.output<typeof measurementSchema>;
export type Result = z.output<typeof resultSchema>;

/** @throws Error if it is not what the program prints. */
export function parseResult(text: string): Result {
  return resultSchema.parse(JSON.parse(text));
}

/**
 * What one encoding takes for each unit of the other: each round is compared with the same round of the other, since they had the same
 * moments of the machine, and the median counts.
 */
export function ratio(own: readonly number[], others: readonly number[]): number {
  return median(own.map((value, round) => value / (others[round] ?? NaN)));
}

/** The lower of the two in the middle where there are two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? NaN;
}

import { readFileSync } from "node:fs";

/** A line to push. */
export interface Entry {
  /** Nanoseconds after `firstTime`. */
  readonly at: number;
  readonly line: string;
}

/** What one container logged. */
export interface Stream {
  readonly labels: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}

/** Time of the first line of each stream, in seconds; long ago, so that queries read stored chunks. */
export const firstTime = Date.UTC(2026, 0, 1) / 1000;
/** Alloy's default. */
const batchBytes = 2 ** 20;
const meanGapNanoseconds = 5e6;

/** Lines of a file, without empty lines. */
export function linesIn(file: string): string[] {
  return readFileSync(file, "utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

/** Gives lines times that vary like real ones, and are the same in every run. */
export function streamOf(labels: Record<string, string>, lines: readonly string[], seed: number): Stream {
  const random = randomFrom(seed);
  let at = 0;
  const gap = () => 1 + Math.floor(-Math.log(1 - random()) * meanGapNanoseconds);
  return { labels, entries: lines.map((line) => ({ at: (at += gap()), line })) };
}

/** Moves every second line before its predecessor, as if pushes overtook each other on their way to a replica. */
export function reordered({ labels, entries }: Stream): Stream {
  return { labels, entries: entries.map((entry, index) => entries[index % 2 === 0 ? index + 1 : index - 1] ?? entry) };
}

/** Seconds from `firstTime` to the last line. */
export function secondsOf(streams: readonly Stream[]): number {
  return Math.ceil(Math.max(...streams.map(({ entries }) => entries.at(-1)?.at ?? 0)) / 1e9);
}

export function bytesOf(streams: readonly Stream[]): number {
  return streams.flatMap(({ entries }) => entries).reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
}

/**
 * Bodies of push requests in Alloy's form: Loki's protobuf in a snappy block. JSON would cost Loki much more to read.
 * The pod is structured metadata of each line.
 */
export function pushBodies({ labels, entries }: Stream): Buffer<ArrayBuffer>[] {
  const selector = `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")}}`;
  const pod = Buffer.concat([field(1, "pod"), field(2, `web-7d4b9c6f5d-${labels.stream}`)]);
  const bodies: Buffer<ArrayBuffer>[] = [];
  let batch: Buffer<ArrayBuffer>[] = [];
  let bytes = 0;
  const close = () => {
    bodies.push(snappyBlock(field(1, Buffer.concat([field(1, selector), ...batch]))));
    batch = [];
    bytes = 0;
  };
  for (const { at, line } of entries) {
    const time = Buffer.concat([number(1, firstTime + Math.floor(at / 1e9)), number(2, at % 1e9)]);
    const entry = field(2, Buffer.concat([field(1, time), field(2, line), field(3, pod)]));
    if (bytes > 0 && bytes + entry.length > batchBytes) close();
    batch.push(entry);
    bytes += entry.length;
  }
  close();
  return bodies;
}

/** A protobuf field with bytes or text. */
function field(id: number, value: Buffer | string): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint((id << 3) | 2), varint(bytes.length), bytes]);
}

/** A protobuf field with a whole number. */
function number(id: number, value: number): Buffer<ArrayBuffer> {
  return Buffer.concat([varint(id << 3), varint(value)]);
}

function varint(value: number): Buffer<ArrayBuffer> {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** Snappy's form without compression: one literal with a length of four bytes. Compressing is not Loki's work. */
function snappyBlock(content: Buffer): Buffer<ArrayBuffer> {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length - 1);
  return Buffer.concat([varint(content.length), Buffer.from([0xfc]), length, content]);
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Kind, LineFile } from "./lines";
import { Loki, type LokiArgs } from "./lokiProcess";
import type { Measurement, Result } from "./measurement";
import { bytesOf, linesIn, pushBodies, reordered, secondsOf, streamOf, type Stream } from "./push";

export interface MeasureArgs {
  /** Loki's program. */
  readonly bin: string;
  readonly encodings: readonly string[];
  readonly files: readonly LineFile[];
  readonly rounds: number;
  /** Called when a step begins. */
  readonly report: (text: string) => void;
}

/** Logs that are written and read together, ready to push. */
interface Logs {
  readonly selector: string;
  readonly lines: number;
  readonly seconds: number;
  readonly bodies: readonly Buffer<ArrayBuffer>[];
}

interface LogsOfKind extends Logs {
  readonly kind: Kind;
  readonly rawBytes: number;
  readonly reorderedBodies: readonly Buffer<ArrayBuffer>[];
}

type Chunks = ReturnType<Loki["chunks"]>;
type Place = Omit<LokiArgs, "writes">;

/** What one round measured for an encoding. */
interface Trial {
  readonly written: ReadonlyMap<Kind, { nanoseconds: number; chunks: Chunks }>;
  readonly readNanoseconds: ReadonlyMap<Kind, number>;
  readonly flushBytes: number;
  readonly queryBytes: number;
}

/** Streams to flush and read at once for the memory figures: an ingester flushes 32, a querier opens 50 chunks. */
const piecesAtOnce = 64;
/** A text that no line contains. */
const absentText = "7d1c6f0e-no-line-has-this";

/**
 * Writes and reads the logs with each encoding, round after round. Each round begins with another encoding and another
 * kind, so that none always gets the quiet moments.
 */
export async function measure({ bin, encodings, files, rounds, report }: MeasureArgs): Promise<Result> {
  const kinds = [...new Set(files.map(({ kind }) => kind))].sort().map((kind) => logsOfKind(kind, files));
  const pieces = piecesOf(files.flatMap(({ path }) => linesIn(path)));
  const trials = new Map<string, Trial[]>(encodings.map((encoding) => [encoding, []]));
  for (let round = 0; round < rounds; round++) {
    for (const encoding of turned(encodings, round)) {
      report(`round ${round + 1} of ${rounds}: ${encoding}`);
      const trial = await inFolder((dir) => tryOnce({ bin, dir, encoding }, turned(kinds, round), pieces));
      trials.get(encoding)?.push(trial);
    }
  }
  const others = new Map<string, Chunks>();
  for (const encoding of encodings) {
    report(`lines in another order: ${encoding}`);
    others.set(encoding, await inFolder((dir) => writeReordered({ bin, dir, encoding }, kinds)));
  }
  const measurements = kinds.flatMap((kind) =>
    [...trials].map(([encoding, tried]) => measurementOf(encoding, kind, tried, others.get(encoding)!)),
  );
  const memory = [...trials].map(([encoding, tried]) => ({
    encoding,
    flushBytes: tried.map(({ flushBytes }) => flushBytes),
    queryBytes: tried.map(({ queryBytes }) => queryBytes),
  }));
  return { cores: os.cpus().length, measurements, memory };
}

async function tryOnce(place: Place, kinds: readonly LogsOfKind[], pieces: Logs): Promise<Trial> {
  // Memory comes first, because later a process still holds what it once needed.
  const written = new Map<Kind, { nanoseconds: number; chunks: Chunks }>();
  const flushBytes = await withLoki({ ...place, writes: true }, async (loki) => {
    await push(loki, pieces.bodies);
    const peak = await loki.peak(() => flushed(loki));
    for (const { kind, bodies } of kinds) {
      const before = loki.chunks();
      const work = async () => {
        await push(loki, bodies);
        await loki.flush();
      };
      const nanoseconds = await loki.timed(work, () => loki.hasFlushed());
      written.set(kind, { nanoseconds, chunks: new Map([...loki.chunks()].filter(([name]) => !before.has(name))) });
    }
    return peak;
  });
  const readNanoseconds = new Map<Kind, number>();
  const queryBytes = await withLoki({ ...place, writes: false }, async (loki) => {
    const peak = await loki.peak(() => readAll(loki, pieces));
    for (const logs of kinds) {
      const work = async () => {
        await readAll(loki, logs);
        await readNone(loki, logs);
      };
      readNanoseconds.set(logs.kind, await loki.timed(work));
    }
    return peak;
  });
  return { written, readNanoseconds, flushBytes, queryBytes };
}

/** Chunks of the same lines, if they arrive in another order. */
function writeReordered(place: Place, kinds: readonly LogsOfKind[]): Promise<Chunks> {
  return withLoki({ ...place, writes: true }, async (loki) => {
    for (const { reorderedBodies } of kinds) await push(loki, reorderedBodies);
    await flushed(loki);
    return loki.chunks();
  });
}

function measurementOf(encoding: string, logs: LogsOfKind, trials: readonly Trial[], others: Chunks): Measurement {
  const { kind, lines, rawBytes } = logs;
  const rounds = trials.flatMap(({ written }) => written.get(kind) ?? []);
  const chunks = [...(rounds[0]?.chunks ?? [])];
  const isIn =
    (other: Chunks) =>
    ([name, { hash }]: (typeof chunks)[number]) =>
      other.get(name)?.hash === hash;
  const identical = chunks.filter((chunk) => rounds.every((round) => isIn(round.chunks)(chunk)));
  return {
    kind,
    encoding,
    lines,
    rawBytes,
    storedBytes: chunks.reduce((sum, [, { bytes }]) => sum + bytes, 0),
    chunks: chunks.length,
    writeNanoseconds: rounds.map(({ nanoseconds }) => nanoseconds),
    readNanoseconds: trials.flatMap(({ readNanoseconds }) => readNanoseconds.get(kind) ?? []),
    identicalChunks: identical.length,
    reorderedChunks: identical.filter(isIn(others)).length,
  };
}

async function push(loki: Loki, bodies: readonly Buffer<ArrayBuffer>[]): Promise<void> {
  for (const body of bodies) await loki.push(body);
}

async function flushed(loki: Loki): Promise<void> {
  do await loki.flush();
  while (!(await loki.hasFlushed()));
}

async function readAll(loki: Loki, { selector, lines, seconds }: Logs): Promise<void> {
  const found = await loki.count(selector, seconds);
  if (found !== lines) throw new Error(`${selector}: ${lines} lines written, ${found} read`);
}

async function readNone(loki: Loki, { selector, seconds }: Logs): Promise<void> {
  const found = await loki.count(`${selector} |= "${absentText}"`, seconds);
  if (found !== 0) throw new Error(`${selector}: ${found} lines have a text that was not written`);
}

/** Each file is a stream. */
function logsOfKind(kind: Kind, files: readonly LineFile[]): LogsOfKind {
  const ofKind = files.filter((file) => file.kind === kind);
  const labels = (index: number) => ({ job: "bench", kind, stream: String(index) });
  const streams = ofKind.map(({ path }, index) => streamOf(labels(index), linesIn(path), index));
  return {
    ...logsOf(`{job="bench", kind="${kind}"}`, streams),
    kind,
    rawBytes: bytesOf(streams),
    reorderedBodies: streams.map(reordered).flatMap(pushBodies),
  };
}

/** Divides the lines into streams of about the same size. */
function piecesOf(lines: readonly string[]): Logs {
  const pieces: string[][] = Array.from({ length: piecesAtOnce }, () => []);
  const total = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  let bytes = 0;
  for (const line of lines) {
    pieces[Math.floor((bytes / total) * piecesAtOnce)]?.push(line);
    bytes += Buffer.byteLength(line);
  }
  const streams = pieces.map((piece, index) => streamOf({ job: "pieces", stream: String(index) }, piece, index));
  return logsOf(
    `{job="pieces"}`,
    streams.filter(({ entries }) => entries.length > 0),
  );
}

function logsOf(selector: string, streams: readonly Stream[]): Logs {
  const lines = streams.reduce((sum, { entries }) => sum + entries.length, 0);
  return { selector, lines, seconds: secondsOf(streams), bodies: streams.flatMap(pushBodies) };
}

/** The same list, beginning with another element. */
function turned<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

async function withLoki<T>(args: LokiArgs, work: (loki: Loki) => Promise<T>): Promise<T> {
  const loki = await Loki.start(args);
  try {
    const result = await work(loki);
    await loki.stop();
    return result;
  } finally {
    loki.kill();
  }
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "logharbor-encodings-"));
  try {
    return await work(dir);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { OperatorError } from "../../../domain/problem";
import { formatBytes } from "../../../domain/duration";
import { localNode } from "../../../local/cluster/node";

/** The form of lines, which decides how well they compress. */
export type Kind = "JSON" | "logfmt" | "plain text";

/** A file of log lines. */
export interface LineFile {
  readonly path: string;
  /** Where it comes from, for people. */
  readonly origin: string;
  readonly bytes: number;
  readonly kind: Kind;
}

/** The files to measure, limited because all of them are held in memory, and what is left out. */
export interface Chosen {
  readonly files: readonly LineFile[];
  /** Kinds, and why each is left out. */
  readonly leftOut: readonly string[];
}

const mebibyte = 2 ** 20;
const leastBytes = 4 * mebibyte;
const mostBytes = 128 * mebibyte;
/** With less, making readers and writers costs more than their work. */
const leastBytesOfKind = mebibyte;
/** A smaller file makes a stream of hardly one block. */
const leastFileBytes = 16 * 2 ** 10;
const sampleBytes = 64 * 2 ** 10;

/**
 * The logs of Loki's tests, which are the same on every machine, and the logs of this machine.
 * @param samples folder with the logs of Loki's tests
 * @throws OperatorError if they are too few.
 */
export function linesHere(samples: string): Chosen {
  const places: [origin: string, dir: string][] = [
    ["the tests of Loki", samples],
    ["the system", "/var/log"],
    ["npm", path.join(os.homedir(), ".npm/_logs")],
    ["the local cluster", localNode().logs],
  ];
  return choose(places.flatMap(([origin, dir]) => filesBelow(dir).flatMap((file) => lineFile(file, origin) ?? [])));
}

/**
 * The files from the command line.
 * @throws OperatorError if a file is missing or not text, or if they are too few.
 */
export function linesOf(given: readonly string[]): Chosen {
  const files = given.map((file) => lineFile(file, "files given", 1) ?? file);
  const unfit = files.filter((file) => typeof file === "string");
  if (unfit.length > 0) {
    const remedy = "name files of plain text that exist, unpacked";
    throw new OperatorError(`Cannot read log lines from ${unfit.join(", ")}.`, remedy);
  }
  return choose(files.filter((file) => typeof file !== "string"));
}

/**
 * As many of the files as we measure at once, in order, without kinds that have too few lines.
 * @throws OperatorError if they are too few.
 */
export function choose(files: readonly LineFile[]): Chosen {
  let total = 0;
  const fitting = files.filter(({ bytes }) => total + bytes <= mostBytes && (total += bytes) > 0);
  const kinds = [...new Set(fitting.map(({ kind }) => kind))].sort();
  const few = kinds.filter((kind) => sum(fitting.filter((file) => file.kind === kind)) < leastBytesOfKind);
  const chosen = fitting.filter(({ kind }) => !few.includes(kind));
  if (sum(chosen) < leastBytes) {
    const fit = `only ${formatBytes(sum(chosen))} of ${formatBytes(sum(files))} can be measured`;
    const limits = `at least ${formatBytes(leastBytesOfKind)}; the total is at most ${formatBytes(mostBytes)}`;
    throw new OperatorError(`The benchmark needs ${formatBytes(leastBytes)} of log lines, and ${fit}.`, [
      "name files of real logs with --lines: copies of the same lines compress better than any real log",
      `each of JSON, logfmt and plain text needs ${limits}`,
    ]);
  }
  const bytesOfKind = (kind: Kind) => formatBytes(sum(fitting.filter((file) => file.kind === kind)));
  const leftOut = few.map((kind) => `${kind}: ${bytesOfKind(kind)} is less than ${formatBytes(leastBytesOfKind)}`);
  return { files: chosen, leftOut };
}

const sum = (files: readonly LineFile[]) => files.reduce((total, { bytes }) => total + bytes, 0);

/** The form of most of the lines. */
export function kindOf(lines: readonly string[]): Kind {
  const most = (holds: (line: string) => boolean) => lines.filter(holds).length * 2 > lines.length;
  if (most(isJson)) return "JSON";
  return most((line) => /^\w+=("|\S).*\s\w+=/.test(line)) ? "logfmt" : "plain text";
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

/** Undefined if it is not a file, cannot be read, is not text (compressed files are not), or is too small. */
function lineFile(file: string, origin: string, least = leastFileBytes): LineFile | undefined {
  try {
    const { size } = fs.statSync(file);
    const sample = Buffer.alloc(Math.min(sampleBytes, size));
    const descriptor = fs.openSync(file, "r");
    try {
      fs.readSync(descriptor, sample);
    } finally {
      fs.closeSync(descriptor);
    }
    if (size < least || sample.includes(0)) return undefined;
    const lines = sample.toString("utf8").split("\n");
    if (size > sample.length) lines.pop(); // the last line is cut off
    return { path: path.resolve(file), origin, bytes: size, kind: kindOf(lines.filter((line) => line !== "")) };
  } catch {
    return undefined;
  }
}

/** Every readable file below a folder, without links, always in the same order. */
function filesBelow(dir: string): string[] {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) return filesBelow(file);
      return entry.isFile() ? [file] : [];
    });
}

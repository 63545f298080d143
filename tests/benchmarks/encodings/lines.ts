import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { OperatorError } from "../../../domain/problem";
import { formatBytes } from "../../../cli/duration";
import { localNode } from "../../../local/cluster/node";

/** How lines are written, which decides how far they compress. */
export type Kind = "JSON" | "logfmt" | "plain text";

/** A file of log lines. */
export interface LineFile {
  readonly path: string;
  /** Where it comes from, for people. */
  readonly origin: string;
  readonly bytes: number;
  readonly kind: Kind;
}

/** What is measured at once, since all of it is held in memory, and what that leaves out. */
export interface Chosen {
  readonly files: readonly LineFile[];
  /** Kinds, and why each is left out. */
  readonly leftOut: readonly string[];
}

const mebibyte = 2 ** 20;
const leastBytes = 4 * mebibyte;
const mostBytes = 128 * mebibyte;
/** Of less, the making of readers and writers costs more than their work. */
const leastBytesOfKind = mebibyte;
/** A smaller file is a stream of hardly a block. */
const leastFileBytes = 16 * 2 ** 10;
const sampleBytes = 64 * 2 ** 10;

/**
 * The logs of Loki's tests, which are the same on every machine, and those that this machine has.
 * @param samples folder of the former
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
 * The files that are given.
 * @throws OperatorError if a file is not there or no text, or if they are too few.
 */
export function linesOf(given: readonly string[]): Chosen {
  const files = given.map((file) => lineFile(file, "files given", 1) ?? file);
  const unfit = files.filter((file) => typeof file === "string");
  if (unfit.length > 0) {
    const remedy = "name files of plain text that exist, unpacked";
    throw new OperatorError(`No log lines can be read from ${unfit.join(", ")}.`, remedy);
  }
  return choose(files.filter((file) => typeof file !== "string"));
}

/**
 * As many of the files as are measured at once, in their order, of kinds of which there is enough.
 * @throws OperatorError if they are too few.
 */
export function choose(files: readonly LineFile[]): Chosen {
  let total = 0;
  const fitting = files.filter(({ bytes }) => total + bytes <= mostBytes && (total += bytes) > 0);
  const kinds = [...new Set(fitting.map(({ kind }) => kind))].sort();
  const few = kinds.filter((kind) => sum(fitting.filter((file) => file.kind === kind)) < leastBytesOfKind);
  const chosen = fitting.filter(({ kind }) => !few.includes(kind));
  if (sum(chosen) < leastBytes) {
    const fit = `of ${formatBytes(sum(files))} there are ${formatBytes(sum(chosen))} that can be measured`;
    const limits = `${formatBytes(leastBytesOfKind)} on, and ${formatBytes(mostBytes)} are taken in all`;
    throw new OperatorError(`${formatBytes(leastBytes)} of log lines are needed, and ${fit}.`, [
      "name files of real logs with --lines: copies of the same lines compress like no log does",
      `each of JSON, logfmt and plain text is measured from ${limits}`,
    ]);
  }
  const bytesOfKind = (kind: Kind) => formatBytes(sum(fitting.filter((file) => file.kind === kind)));
  const leftOut = few.map((kind) => `${kind}: ${bytesOfKind(kind)} is less than ${formatBytes(leastBytesOfKind)}`);
  return { files: chosen, leftOut };
}

const sum = (files: readonly LineFile[]) => files.reduce((total, { bytes }) => total + bytes, 0);

/** How most of the lines are written. */
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

/** Undefined if it is no file, cannot be read, is no text (what is packed is not) or too small. */
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
    if (size > sample.length) lines.pop(); // it is cut
    return { path: path.resolve(file), origin, bytes: size, kind: kindOf(lines.filter((line) => line !== "")) };
  } catch {
    return undefined;
  }
}

/** Every file below a folder that may be looked into, links left out, in an order that is always the same. */
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

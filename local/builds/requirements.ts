import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDir } from "../cache";
import { canBringGo, installedGo } from "./go";
import { programNames, programs, type ProgramName } from "./programs";

/** What the compiling of parts needs to know about the machine. */
export interface Builder {
  readonly platform: string;
  /** Of the processor, as Node names it. */
  readonly arch: string;
  /** "1.26.5"; undefined without Go. */
  readonly goVersion?: string;
  /** The newest that a go.mod asks for. */
  readonly neededGoVersion: string;
  readonly memoryBytes: number;
  readonly freeDiskBytes: number;
  readonly neededDiskBytes: number;
}

const gib = 2 ** 30;
/** What a machine of 8 GB shows of it. */
const neededMemoryBytes = 7.5 * 1e9;
/** Caches and programs when all parts are compiled. */
const wholeDiskBytes = 25 * 1e9;
/** For programs and temporary files, however little is left to compile. */
const leastDiskBytes = 5 * 1e9;

/** Looks at this machine with the parts in mind that are to be compiled. */
export async function inspectBuilder(stale: readonly ProgramName[]): Promise<Builder> {
  fs.mkdirSync(cacheDir(), { recursive: true });
  const { bavail, bsize } = fs.statfsSync(cacheDir());
  // In a container the machine's memory may not be all ours; 0 or more than there is: no limit.
  const limit = process.constrainedMemory();
  return {
    platform: os.platform(),
    arch: os.arch(),
    goVersion: (await installedGo())?.version,
    neededGoVersion: newest(
      stale.map((name) => goVersionOf(fs.readFileSync(path.join(__dirname, programs[name].module, "go.mod"), "utf8"))),
    ),
    memoryBytes: limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem(),
    freeDiskBytes: bavail * bsize,
    neededDiskBytes: diskFor(stale),
  };
}

/** Whether the machine's own Go is new enough; else one is brought. */
export function hasGo({ goVersion, neededGoVersion }: Builder): boolean {
  return goVersion !== undefined && newest([goVersion, neededGoVersion]) === goVersion;
}

/** Everything that keeps this machine from compiling the programs, each with its remedy. */
export function unmetByBuilder(builder: Builder): string[] {
  if (builder.platform !== "linux") return [`They are compiled on Linux; this is ${builder.platform}.`];
  const faults: string[] = [];
  if (!hasGo(builder) && !canBringGo(builder.platform, builder.arch)) {
    const instead = builder.goVersion === undefined ? "there is no go on PATH" : `go on PATH is ${builder.goVersion}`;
    faults.push(
      `It needs Go ${builder.neededGoVersion} or newer, and ${instead}; Logharbor brings none for ` +
        `${builder.arch}: install it from https://go.dev/dl.`,
    );
  }
  if (builder.memoryBytes < neededMemoryBytes) {
    faults.push(`It needs 8 GB of memory, and there are ${(builder.memoryBytes / 1e9).toFixed(1)} GB.`);
  }
  if (builder.freeDiskBytes < builder.neededDiskBytes) {
    const [needed, free] = [builder.neededDiskBytes, builder.freeDiskBytes].map((bytes) => (bytes / gib).toFixed(1));
    faults.push(
      `It needs ${needed} GiB of free disk in ${cacheDir()}, and ${free} GiB is free: make room, or set XDG_CACHE_HOME to a larger disk.`,
    );
  }
  return faults;
}

/**
 * Disk that the compiling of these parts takes: in proportion to their time, for what is compiled is kept until the
 * end.
 */
export function diskFor(stale: readonly ProgramName[]): number {
  const minutes = (names: readonly ProgramName[]) => names.reduce((sum, name) => sum + programs[name].minutes, 0);
  return leastDiskBytes + (wholeDiskBytes - leastDiskBytes) * (minutes(stale) / minutes(programNames));
}

/** What failed and what to do, from the compiler's output: an error's text and its remedies. */
export function explainFailure(output: string, log: string): [what: string, remedies: string[]] {
  const last = output.trim().split("\n").slice(-15).join("\n    ");
  return [
    `Compiling failed; the last lines of ${log}:\n    ${last}`,
    [remedyFor(output), "What is compiled already is kept: start again and it goes on there."],
  ];
}

function remedyFor(output: string): string {
  if (/no space left on device/.test(output))
    return `The disk is full: make room in ${cacheDir()}, or set XDG_CACHE_HOME to a larger disk.`;
  if (/signal: killed|cannot allocate memory|out of memory/.test(output))
    return "The machine ran out of memory: end other programs.";
  if (
    /module lookup disabled|dial tcp|no such host|i\/o timeout|TLS handshake|connection re(set|fused)|unexpected EOF|\b(403|404|410|429|50\d)\b/.test(
      output,
    )
  ) {
    return "A Go module could not be downloaded: check the network, and set GOPROXY if modules come from a mirror here.";
  }
  if (/checksum mismatch/.test(output))
    return "A Go module is not what go.sum says: its source, or a mirror on the way, changed it.";
  return "Look into the log.";
}

function goVersionOf(goMod: string): string {
  return /^go (\S+)/m.exec(goMod)?.[1] ?? "0";
}

/** The newest of versions like 1.26.5. */
function newest(versions: readonly string[]): string {
  return [...versions].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? "0";
}

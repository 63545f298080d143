import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDir } from "../cache";
import { canBringGo, installedGo } from "./go";
import { programNames, programs, type ProgramName } from "./programs";

/** What we need to know about the machine before compiling programs. */
export interface Builder {
  readonly platform: string;
  /** The processor's architecture, as Node names it. */
  readonly arch: string;
  /** "1.26.5"; undefined without Go. */
  readonly goVersion?: string;
  /** The newest version that a go.mod asks for. */
  readonly neededGoVersion: string;
  readonly memoryBytes: number;
  readonly freeDiskBytes: number;
  readonly neededDiskBytes: number;
}

const gib = 2 ** 30;
/** What a machine with 8 GB reports. */
const neededMemoryBytes = 7.5 * 1e9;
/** Caches and programs when all programs are compiled. */
const wholeDiskBytes = 25 * 1e9;
/** For programs and temporary files, even if little is left to compile. */
const leastDiskBytes = 5 * 1e9;

/** Inspects this machine for compiling the given programs. */
export async function inspectBuilder(stale: readonly ProgramName[]): Promise<Builder> {
  fs.mkdirSync(cacheDir(), { recursive: true });
  const { bavail, bsize } = fs.statfsSync(cacheDir());
  // A container may limit our memory; 0, or more than the machine has, means no limit.
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

/** Whether the machine's own Go is new enough; if not, we download one. */
export function hasGo({ goVersion, neededGoVersion }: Builder): boolean {
  return goVersion !== undefined && newest([goVersion, neededGoVersion]) === goVersion;
}

/** Everything that keeps this machine from compiling the programs, each with a remedy. */
export function unmetByBuilder(builder: Builder): string[] {
  if (builder.platform !== "linux") return [`They are compiled on Linux; this is ${builder.platform}.`];
  const faults: string[] = [];
  if (!hasGo(builder) && !canBringGo(builder.platform, builder.arch)) {
    const instead = builder.goVersion === undefined ? "PATH has no go" : `go on PATH is ${builder.goVersion}`;
    faults.push(
      `It needs Go ${builder.neededGoVersion} or newer, and ${instead}; Logharbor cannot download one for ` +
        `${builder.arch}: install it from https://go.dev/dl.`,
    );
  }
  if (builder.memoryBytes < neededMemoryBytes) {
    faults.push(`It needs 8 GB of memory, and the machine has ${(builder.memoryBytes / 1e9).toFixed(1)} GB.`);
  }
  if (builder.freeDiskBytes < builder.neededDiskBytes) {
    const [needed, free] = [builder.neededDiskBytes, builder.freeDiskBytes].map((bytes) => (bytes / gib).toFixed(1));
    faults.push(
      `It needs ${needed} GiB of free disk in ${cacheDir()}, and ${free} GiB is free: free some space, ` +
        "or set XDG_CACHE_HOME to a larger disk.",
    );
  }
  return faults;
}

/**
 * Disk space needed to compile these programs. It grows with their time, because everything compiled is kept until the
 * end.
 */
export function diskFor(stale: readonly ProgramName[]): number {
  const minutes = (names: readonly ProgramName[]) => names.reduce((sum, name) => sum + programs[name].minutes, 0);
  return leastDiskBytes + (wholeDiskBytes - leastDiskBytes) * (minutes(stale) / minutes(programNames));
}

/** Turns the compiler's output into an error text and its remedies. */
export function explainFailure(output: string, log: string): [what: string, remedies: string[]] {
  const last = output.trim().split("\n").slice(-15).join("\n    ");
  return [
    `Compiling failed; the last lines of ${log}:\n    ${last}`,
    [remedyFor(output), "Start again: it keeps what is already compiled and continues from there."],
  ];
}

/** What Go says when it can't download a module. */
const noDownload = [
  /module lookup disabled|dial tcp|no such host|TLS handshake/,
  /i\/o timeout|connection re(set|fused)|unexpected EOF/,
  /\b(403|404|410|429|50\d)\b/,
];

function remedyFor(output: string): string {
  if (/no space left on device/.test(output))
    return `The disk is full: free some space in ${cacheDir()}, or set XDG_CACHE_HOME to a larger disk.`;
  if (/signal: killed|cannot allocate memory|out of memory/.test(output))
    return "The machine ran out of memory: stop other programs.";
  if (noDownload.some((sign) => sign.test(output)))
    return "A Go module could not be downloaded: check the network, and set GOPROXY if you get modules from a mirror.";
  if (/checksum mismatch/.test(output))
    return "A Go module does not match go.sum: its source, or a mirror in between, changed it.";
  return "Read the log.";
}

function goVersionOf(goMod: string): string {
  return /^go (\S+)/m.exec(goMod)?.[1] ?? "0";
}

/** The newest of versions like 1.26.5. */
function newest(versions: readonly string[]): string {
  return [...versions].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? "0";
}

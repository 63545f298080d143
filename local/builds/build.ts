import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { OperatorError } from "../../domain/problem";
import { cacheDir } from "../cache";
import { otherOwner, own } from "../owner";
import { type Progress } from "../report";
import { bringGo } from "./go";
import { explainFailure, hasGo, inspectBuilder, unmetByBuilder } from "./requirements";
import { buildArguments, programNames, programs, type Program, type ProgramName } from "./programs";
import { stampOf } from "./stamp";

/** The compiled programs. */
export interface Programs {
  /** The programs that the caller asked for. */
  readonly names: readonly ProgramName[];
  /** Path of a program. */
  bin(name: ProgramName): string;
}

export interface BuildOptions {
  /** What is needed; default: every program. */
  readonly names?: readonly ProgramName[];
}

/** Our own caches for Go, apart from the user's. */
const caches = path.join(cacheDir(), "build");
export const moduleCache = path.join(caches, "gomodcache");
const temporary = path.join(caches, "tmp");
const owner = path.join(caches, "owner");

/**
 * Compiles the programs that are missing or whose sources changed, one after another. After an interruption Go's caches
 * let it continue where it stopped. It removes the caches when everything is built, unless they hold a file named
 * `keep` (for work on the programs themselves).
 * @throws OperatorError if the machine is unfit, another process compiles, or a program does not compile.
 */
export async function ensurePrograms(report: Progress, options: BuildOptions = {}): Promise<Programs> {
  const names = programNames.filter((name) => options.names?.includes(name) ?? true);
  const stale = names.filter((name) => !isBuilt(name));
  if (stale.length > 0) {
    const other = otherOwner(owner);
    if (other !== undefined) {
      throw new OperatorError(
        `Another process already compiles the programs: ${other}.`,
        "wait until it is done, then start again",
      );
    }
    const builder = await inspectBuilder(stale);
    const faults = unmetByBuilder(builder);
    if (faults.length > 0) {
      throw new OperatorError(
        `This machine cannot compile these programs from Go modules: ${stale.join(", ")}.`,
        faults,
      );
    }
    takeCaches();
    const go = hasGo(builder) ? "go" : (await bringGo(report)).command;
    const minutes = Math.ceil(stale.reduce((sum, name) => sum + programs[name].minutes, 0));
    report.note(
      `compiling ${stale.length} of ${names.length} programs from Go modules: about ${minutes} min on two cores; later runs reuse them`,
    );
    for (const [index, name] of stale.entries()) {
      await buildProgram(name, { go, position: `program ${index + 1} of ${stale.length}` }, report);
    }
  }
  if (fs.existsSync(caches) && otherOwner(owner) === undefined && !fs.existsSync(path.join(caches, "keep"))) {
    report.step("removing the compiler's caches");
    removeCaches(caches);
    report.done("compiler's caches removed");
  }
  return { names, bin };
}

/** Path of a compiled program. */
export function bin(name: ProgramName): string {
  return path.join(cacheDir(), "bin", name);
}

/** Folder with the module files that a program keeps. */
export function keptBy(name: ProgramName): string {
  return `${bin(name)}.kept`;
}

function isBuilt(name: ProgramName): boolean {
  const stamp = `${bin(name)}.stamp`;
  return (
    fs.existsSync(bin(name)) &&
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, "utf8") === stampOf(programs[name], __dirname)
  );
}

async function buildProgram(
  name: ProgramName,
  { go, position }: { go: string; position: string },
  report: Progress,
): Promise<void> {
  const program: Program = programs[name];
  const title = `${position}: ${name} ${program.version}`;
  report.step(`${title}, about ${inMinutes(program.minutes * 60_000)}`);
  const began = Date.now();
  const stamp = stampOf(program, __dirname);
  const unfinished = `${bin(name)}.new`;
  fs.mkdirSync(path.dirname(unfinished), { recursive: true });

  const log = path.join(cacheDir(), "logs", `${name}.log`);
  let packages = 0;
  const news = setInterval(
    () => report.note(`${title}: ${packages} packages compiled in ${inMinutes(Date.now() - began)}`),
    60_000,
  );
  try {
    await compile({
      go,
      args: buildArguments(program, unfinished),
      cwd: path.join(__dirname, program.module),
      log,
      onPackages: (count) => (packages += count),
    });
  } finally {
    clearInterval(news);
  }
  if (program.keeps !== undefined) keep(path.join(moduleCache, program.keeps), keptBy(name));
  fs.renameSync(unfinished, bin(name));
  fs.writeFileSync(`${bin(name)}.stamp`, stamp);
  report.done(`${title} built in ${inMinutes(Date.now() - began)}`);
}

/** Copies a folder's files, without their modes: a module cache is read-only. */
function keep(from: string, to: string): void {
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to);
  for (const file of fs.readdirSync(from))
    fs.writeFileSync(path.join(to, file), fs.readFileSync(path.join(from, file)));
}

/** One run of the command `go`. */
interface Compilation {
  go: string;
  args: readonly string[];
  cwd: string;
  /** File for its output. */
  log: string;
  /** Called with the number of packages that it has reached since the last call. */
  onPackages: (count: number) => void;
}

/** Runs the command `go` with our own caches. */
async function compile({ go, args, cwd, log, onPackages }: Compilation): Promise<void> {
  const settings = {
    GOCACHE: path.join(caches, "gocache"),
    GOMODCACHE: moduleCache,
    GOTMPDIR: temporary,
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GOFLAGS: "",
    GOOS: "linux",
    CGO_ENABLED: "0",
    ...(go === "go" ? {} : { GOROOT: "" }), // the user's GOROOT may name another Go
    GOGC: "400", // spends memory instead of time on the compiler's garbage …
    GOMEMLIMIT: "2500MiB", // … as far as 8 GB allow
  };
  fs.mkdirSync(path.dirname(log), { recursive: true });
  const output = fs.openSync(log, "w");
  try {
    const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    const child = spawn("nice", ["env", ...assignments, go, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        fs.writeSync(output, chunk);
        onPackages(chunk.toString("latin1").match(/^(?!go: ).+$/gm)?.length ?? 0);
      });
    }
    const status = await new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("close", resolve),
    );
    if (status !== 0) {
      throw new OperatorError(...explainFailure(fs.readFileSync(log, "utf8"), log));
    }
  } finally {
    fs.closeSync(output);
  }
}

/** Marks the caches as owned by this process, and removes what an interrupted compiler left. */
function takeCaches(): void {
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  own(owner);
}

/** Removes Go's caches. Go makes the folders of modules read-only, so it makes them writable first. */
function removeCaches(dir: string): void {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) {
      fs.chmodSync(file, 0o700);
      removeCaches(file);
    } else {
      fs.unlinkSync(file);
    }
  }
  fs.rmdirSync(dir);
}

function inMinutes(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

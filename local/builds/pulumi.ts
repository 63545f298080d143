import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { cacheDir } from "../cache";
import { run } from "../cluster/run";
import { type Progress } from "../report";
import { ensurePrograms, type Programs } from "./build";
import { programs, type ProgramName } from "./programs";

/** Where a tool comes from. */
export type Origin = "found" | "downloaded" | "built" | "test double";

/** The engine and its plugins, apart from the user's ~/.pulumi, which we never write to. */
export interface Pulumi {
  /** For `pulumiCommand` of a workspace. */
  readonly command: PulumiCommand;
  /** For `pulumiHome` of a workspace. */
  readonly home: string;
  /** Where each tool comes from, by its name and version. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Everything that the local cluster runs, and everything that runs it. */
export interface Tools {
  readonly programs: Programs;
  readonly pulumi: Pulumi;
}

interface Plugin {
  readonly name: string;
  /** The program to build if the plugin cannot be downloaded. */
  readonly program: ProgramName;
  readonly builtOrigin: Origin;
}

const plugins: readonly Plugin[] = [
  { name: "kubernetes", program: "kubernetes-provider", builtOrigin: "built" },
  { name: "random", program: "random-provider", builtOrigin: "built" },
  { name: "minio", program: "minio-plugin", builtOrigin: "test double" },
];

const downloadMs = 5 * 60_000;
const answerMs = 5_000;

/**
 * Provides the Pulumi CLI and the plugins, and compiles the programs in `names`. It uses what the machine has, else
 * downloads it, else compiles it from Go modules. A test double replaces the one plugin that cannot be compiled.
 * @throws OperatorError if something must be compiled and cannot be.
 */
export async function ensureTools(report: Progress, names: readonly ProgramName[]): Promise<Tools> {
  const home = path.join(cacheDir(), "plugins");
  process.env.PULUMI_HOME = home; // the CLI writes logs there, even if we only ask for its version
  const origins: Record<string, Origin> = {};
  const missing: ProgramName[] = [];

  const cli = await findCli(report);
  if (cli === undefined) missing.push("pulumi");
  origins[`Pulumi CLI ${programs.pulumi.version.slice(1)}`] = cli?.origin ?? "built";
  for (const plugin of plugins) {
    const origin = await findPlugin(plugin, { home, cli: cli?.command }, report);
    if (origin === undefined) missing.push(plugin.program);
    origins[`plugin ${plugin.name} ${programs[plugin.program].version}`] = origin ?? plugin.builtOrigin;
  }

  const built = await ensurePrograms(report, { names: [...names, ...missing] });
  for (const plugin of plugins.filter(({ program }) => missing.includes(program))) {
    link(built.bin(plugin.program), pluginFile(home, plugin));
  }
  return {
    programs: built,
    pulumi: { command: cli?.command ?? (await PulumiCommand.get({ root: cacheDir() })), home, origins },
  };
}

/** A CLI on PATH if it is new enough, else one that was or can be downloaded. */
async function findCli(report: Progress): Promise<{ command: PulumiCommand; origin: Origin } | undefined> {
  const onPath = await PulumiCommand.get().catch(() => undefined);
  if (onPath?.version && onPath.version.compare(programs.pulumi.version) >= 0)
    return { command: onPath, origin: "found" };
  const root = path.join(cacheDir(), "pulumi");
  const present = await PulumiCommand.get({ root }).catch(() => undefined);
  if (present) return { command: present, origin: "downloaded" };
  if (fs.existsSync(path.join(cacheDir(), "bin", "pulumi")) || !(await canDownload(report))) return undefined;

  report.step(`downloading the Pulumi CLI ${programs.pulumi.version}`);
  const command = await within(downloadMs, PulumiCommand.install({ root })).catch(() => undefined);
  report.done(command ? "Pulumi CLI downloaded" : "Pulumi CLI could not be downloaded: building it instead");
  return command && { command, origin: "downloaded" };
}

/** A plugin that the user has, else one that was or can be downloaded. */
async function findPlugin(
  plugin: Plugin,
  { home, cli }: { home: string; cli: PulumiCommand | undefined },
  report: Progress,
): Promise<Origin | undefined> {
  const version = programs[plugin.program].version;
  const file = pluginFile(home, plugin);
  const users = pluginFile(path.join(os.homedir(), ".pulumi"), plugin);
  if (fs.existsSync(users)) {
    link(users, file);
    return "found";
  }
  const present = fs.lstatSync(file, { throwIfNoEntry: false });
  if (present?.isFile()) return "downloaded";
  if (present?.isSymbolicLink() && fs.existsSync(file)) return undefined; // built earlier: a download would only cost time
  if (cli === undefined || !(await canDownload(report))) return undefined;

  report.step(`downloading Pulumi's plugin ${plugin.name} ${version}`);
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
  const install = ["plugin", "install", "resource", plugin.name, version, "--non-interactive"];
  const downloaded = await within(downloadMs, run("env", [`PULUMI_HOME=${home}`, cli.command, ...install])).then(
    () => fs.existsSync(file),
    () => false,
  );
  report.done(
    downloaded
      ? `plugin ${plugin.name} downloaded`
      : `plugin ${plugin.name} could not be downloaded: ${plugin.builtOrigin} instead`,
  );
  return downloaded ? "downloaded" : undefined;
}

function pluginFile(home: string, plugin: Plugin): string {
  return path.join(
    home,
    "plugins",
    `resource-${plugin.name}-v${programs[plugin.program].version}`,
    `pulumi-resource-${plugin.name}`,
  );
}

/** Links a built plugin. The engine wants a real folder, so only the program in it is a link. */
function link(target: string, file: string): void {
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.symlinkSync(target, file);
}

let answers: Promise<boolean> | undefined;

/** Whether Pulumi's site answers; asked once per run. */
function canDownload(report: Progress): Promise<boolean> {
  return (answers ??= fetch("https://get.pulumi.com/install.sh", {
    method: "HEAD",
    signal: AbortSignal.timeout(answerMs),
  }).then(
    (response) => response.ok,
    () => {
      report.note(
        "get.pulumi.com does not answer: building the Pulumi CLI and its plugins instead of downloading them",
      );
      return false;
    },
  ));
}

/** @throws Error if `work` takes longer; it then continues in the background, and nobody waits for it. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = later(milliseconds, undefined, { ref: false }).then(() => Promise.reject(new Error("it took too long")));
  return Promise.race([work, late]);
}

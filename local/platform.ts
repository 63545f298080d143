import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { OperatorError } from "../domain/problem";
import { projectDir, type OpenStackArgs } from "../automation/operations";
import type { TopologyName } from "../domain/topologies";
import { cacheDir } from "./cache";
import { requireMachine, startCluster, usesKind, type LocalCluster } from "./cluster/cluster";
import { imageName } from "./cluster/imageName";
import { hasKubectl, kubectlCommand } from "./cluster/kubectl";
import { nodeAt } from "./cluster/node";
import { chartIn } from "../charts/mirror";
import { standInCharts } from "./doubles/charts";
import { partNames, type Part } from "../domain/parts";
import { programNames, programs as table, type ProgramName } from "./builds/programs";
import { ensureTools, type Origin, type Pulumi } from "./builds/pulumi";
import type { Progress } from "./report";

/** Stacks that the local cluster can run; one at a time. */
export const localStacks = ["dev", "prod"] as const;
export type LocalStackName = (typeof localStacks)[number];
/** Topologies that no local stack has by itself; each runs as stack prod. */
export const localTopologies = ["ha-monolithic"] as const satisfies readonly TopologyName[];
export type LocalTopology = (typeof localTopologies)[number];

/** The local cluster with a stack of its own on it. */
export interface Platform {
  cluster: LocalCluster;
  stack: OpenStackArgs;
  /** Where each part comes from, by its name and version. */
  origins: Record<string, Origin>;
  /** An image with a shell, which the cluster can run. */
  shellImage: string;
  /**
   * The command that looks into the cluster: kubectl on PATH, else the one among `extras`; undefined where there is
   * none.
   */
  kubectl?: string;
}

export interface PlatformArgs {
  report: Progress;
  /** Which stack it runs. Default: that of the last start, else dev. */
  stack?: LocalStackName;
  /** Topology of Loki, on stack prod. Default: the stack's own. */
  topology?: LocalTopology;
  /**
   * Folder of upstream charts that are preferred to the doubles. Default: those of the last start, else the doubles.
   */
  charts?: string;
  /** Folder of the cluster and of the stack's state. Default: the cache. */
  dir?: string;
  /**
   * Programs beside those of the platform; with kind there are none, and no kubectl where one is on PATH. Default:
   * none.
   */
  extras?: readonly Extra[];
}

/** A stack's file, as far as it is written here. */
interface StackFile {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
}

/** Images of the settings, and what the local cluster runs in their place. */
const workloads = { minio: "minio", loki: "loki", alloy: "alloy", gateway: "nginx", memcached: "memcached" } as const;
const ofPulumi: readonly ProgramName[] = ["pulumi", "minio-plugin", "kubernetes-provider", "random-provider"];
/** Parts that the platform does without. */
const allExtras = ["cert-manager", "kubectl"] as const satisfies readonly ProgramName[];
export type Extra = (typeof allExtras)[number];
const ownPrograms = programNames.filter((name) => ![...ofPulumi, ...allExtras].includes(name));

/** Builds what is missing, starts the cluster and lays out its stack. What is there already is left as it is. */
export async function startPlatform({
  report,
  stack: asked,
  topology,
  charts: given,
  dir = cacheDir(),
  extras = [],
}: PlatformArgs): Promise<Platform> {
  if (topology !== undefined && asked === "dev") {
    throw new OperatorError(
      `Topology ${topology} takes the sizes of prod.`,
      "leave --stack out, or write --stack prod",
    );
  }
  const upstream = given === undefined ? undefined : resolve(given);
  if (upstream !== undefined) requireCharts(upstream);
  const node = nodeAt(join(dir, "cluster"));
  const name = chosenStack(topology === undefined ? asked : "prod", dir);
  const kind = await usesKind(node);
  if (!kind) await requireMachine(node); // before an hour of compiling
  const foundKubectl = await hasKubectl();
  const wanted = extras.filter((extra) => extra !== "kubectl" || !foundKubectl);
  const { programs, pulumi } = await ensureTools(report, kind ? [] : [...ownPrograms, ...wanted]);
  const cluster = await startCluster(programs, report, node);

  const names = kind ? partNames : partNames.filter((name) => name !== "grafana");
  const paths = kind && upstream === undefined ? {} : chartPaths(names, { upstream, dir, stack: name });
  layOut(
    { dir, stack: name, pulumi },
    {
      "kubernetes:kubeconfig": cluster.kubeconfig,
      "kubernetes:context": cluster.context,
      "logharbor:charts": Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { path }])),
      ...(kind ? {} : localImages()),
      ...localSizes[name],
      ...(topology === undefined ? {} : { "logharbor:topology": topology }),
    },
  );
  return {
    cluster,
    stack: await localStack(dir),
    origins: { ...pulumi.origins, ...(kind ? {} : builtImages()), ...chartOrigins(names, paths) },
    shellImage: kind ? "docker.io/library/busybox:1.37" : imageName("busybox"),
    kubectl: kubectlCommand(
      foundKubectl,
      !kind && wanted.includes("kubectl") ? programs.bin("kubectl") : undefined,
      cluster.kubeconfig,
    ),
  };
}

/**
 * The stack of the local platform: settings, state, passphrase and engine of its own, all below `dir`.
 * @throws OperatorError if there is no local platform.
 */
export async function localStack(dir = cacheDir()): Promise<OpenStackArgs> {
  const files = filesOf(dir);
  if (!existsSync(files.engine)) {
    throw new OperatorError("There is no local platform.", [
      "start one: npm start",
      "or name a stack of yours: --stack dev",
    ]);
  }
  const { command, home, stack } = JSON.parse(readFileSync(files.engine, "utf8")) as Engine;
  return {
    name: stack,
    workDir: files.project,
    pulumiCommand: await PulumiCommand.get(command === "pulumi" ? undefined : { root: dirname(dirname(command)) }),
    env: {
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${files.backend}`,
      PULUMI_CONFIG_PASSPHRASE: readFileSync(files.passphrase, "utf8"),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  };
}

/** Whether there is a local stack. */
export function hasLocalStack(dir = cacheDir()): boolean {
  return existsSync(filesOf(dir).state);
}

/** Forgets the local stack; for when its cluster is gone, or has nothing of it. */
export function removeLocalStack(dir = cacheDir()): void {
  rmSync(filesOf(dir).state, { recursive: true, force: true });
}

interface Engine {
  command: string;
  home: string;
  /** The stack that the cluster runs. */
  stack: LocalStackName;
}

/**
 * The stack to run: both would want the same namespaces.
 * @throws OperatorError if the cluster runs the other one.
 */
function chosenStack(asked: LocalStackName | undefined, dir: string): LocalStackName {
  const { stack: running } = read<Engine>(filesOf(dir).engine);
  if (asked !== undefined && running !== undefined && asked !== running) {
    throw new OperatorError(`The local cluster runs stack ${running}.`, [
      `remove it, then start the other one: npm stop, then npm start -- --stack ${asked}`,
      "or go on with it: npm start",
    ]);
  }
  return asked ?? running ?? "dev";
}

function filesOf(dir: string) {
  const state = join(dir, "state");
  const project = join(state, "project");
  return {
    state,
    project,
    stackOf: (name: string) => join(project, `Pulumi.${name}.yaml`),
    backend: join(state, "backend"),
    passphrase: join(state, "passphrase"),
    engine: join(state, "engine.json"),
  };
}

/**
 * Writes the stack's folder: a copy of the project's files with the local settings over them. The checkout is never
 * written.
 */
function layOut(
  { dir, stack, pulumi: { command, home } }: { dir: string; stack: LocalStackName; pulumi: Pulumi },
  config: Record<string, unknown>,
): void {
  const files = filesOf(dir);
  mkdirSync(files.project, { recursive: true });
  mkdirSync(files.backend, { recursive: true });
  if (!existsSync(files.passphrase)) write(files.passphrase, randomBytes(24).toString("base64url"));
  const base = read<StackFile>(join(projectDir, `Pulumi.${stack}.yaml`));
  const { encryptionsalt } = read<StackFile>(files.stackOf(stack));
  // Without `main`: the program comes from here and not from that folder.
  write(
    join(files.project, "Pulumi.yaml"),
    stringify({ ...read<object>(join(projectDir, "Pulumi.yaml")), main: undefined }),
  );
  write(
    files.stackOf(stack),
    stringify({ ...base, encryptionsalt, config: { ...base.config, ...config } }, { version: "1.1" }),
  ); // Pulumi's YAML, to which 2026-02-12 is a date
  write(files.engine, JSON.stringify({ command: command.command, home, stack } satisfies Engine));
}

/** What lets a stack fit a single small node: the replicas and servers stay, spread and sizes give way. */
export const localSizes: Record<LocalStackName, Record<string, unknown>> = {
  dev: {},
  prod: {
    "logharbor:spread": { nodes: "preferred" },
    "logharbor:minio": {
      volumeSize: "2Gi",
      resources: { cpuRequest: "20m", memoryRequest: "128Mi", memoryLimit: "1Gi" },
    },
    "logharbor:loki": {
      volumeSize: "1Gi",
      resources: { cpuRequest: "20m", memoryRequest: "128Mi", memoryLimit: "1Gi" },
      caches: { chunksMb: 64, resultsMb: 32 },
      query: { parallelism: 16, maxConcurrent: 2 },
    },
  },
};

/** Images that the local cluster was given, in the words of our settings. Grafana's can't be had, so it is left out. */
function localImages(): Record<string, unknown> {
  return {
    "logharbor:images": Object.fromEntries(
      Object.entries(workloads).map(([image, program]) => {
        const [repository, tag] = imageName(program).replace("localhost/", "").split(":");
        return [image, { registry: "localhost", repository, tag }];
      }),
    ),
    "logharbor:grafana": { enabled: false },
  };
}

/** Where each chart lies: in the given folder, where the last start had it, or the double. */
function chartPaths(
  names: readonly Part[],
  { upstream, dir, stack }: { upstream: string | undefined; dir: string; stack: LocalStackName },
): Partial<Record<Part, string>> {
  const last = (read<StackFile>(filesOf(dir).stackOf(stack)).config?.["logharbor:charts"] ?? {}) as Partial<
    Record<Part, { path: string }>
  >;
  const found = names.map((name) => {
    const candidates = [
      upstream === undefined ? undefined : chartIn(upstream, name, ""),
      last[name]?.path,
      join(standInCharts, name),
    ];
    return [name, candidates.find((path) => path !== undefined && existsSync(path))] as const;
  });
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

function requireCharts(directory: string): void {
  if (partNames.every((name) => chartIn(directory, name, "") === undefined)) {
    throw new OperatorError(
      `${directory} holds none of the charts ${partNames.join(", ")}.`,
      "give a folder that holds them, each as a folder or .tgz of its name, or leave --charts out",
    );
  }
}

function chartOrigins(names: readonly Part[], paths: Partial<Record<Part, string>>): Record<string, Origin> {
  return Object.fromEntries(names.map((name) => [`chart ${name}`, chartOrigin(paths[name])]));
}

function chartOrigin(path: string | undefined): Origin {
  if (path === undefined) return "downloaded";
  return path.startsWith(standInCharts) ? "test double" : "found";
}

function builtImages(): Record<string, Origin> {
  return Object.fromEntries(
    ["minio", "loki", "alloy"].map((name) => [
      `${name} ${table[name as ProgramName].version.replace(/^v/, "")}`,
      "built",
    ]),
  );
}

function read<T extends object>(file: string): Partial<T> {
  return existsSync(file) ? ((parse(readFileSync(file, "utf8")) ?? {}) as T) : {};
}

/** Whole or not at all, and for nobody else to read. */
function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

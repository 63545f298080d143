import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { OperatorError } from "../domain/problem";
import type { OpenStackArgs } from "../automation/logStack";
import { projectDir } from "../automation/project";
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
import { filesOf, localStack, type Engine } from "./localStack";
import type { LocalStackName, LocalTopology } from "./stacks";

/** The local cluster with its own stack. */
export interface Platform {
  cluster: LocalCluster;
  stack: OpenStackArgs;
  /** Where each part comes from, by its name and version. */
  origins: Record<string, Origin>;
  /** An image with a shell that the cluster can run. */
  shellImage: string;
  /**
   * The kubectl command for the cluster: the one on PATH, else the one among `extras`; undefined if neither exists.
   */
  kubectl?: string;
}

export interface PlatformArgs {
  report: Progress;
  /** Which stack to run. Default: that of the last start, else dev. */
  stack?: LocalStackName;
  /** Topology of Loki, on stack prod. Default: the stack's own. */
  topology?: LocalTopology;
  /**
   * Folder of upstream charts to use instead of the doubles. Default: those of the last start, else the doubles.
   */
  charts?: string;
  /** Folder of the cluster and of the stack's state. Default: the cache. */
  dir?: string;
  /**
   * Programs to compile besides those of the platform. With kind none is compiled, and no kubectl if PATH has one.
   * Default: none.
   */
  extras?: readonly Extra[];
}

/** A stack's file: the part that we write. */
interface StackFile {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
}

/** Images of the settings, and what the local cluster runs instead. */
const workloads = {
  minio: "minio",
  loki: "loki",
  alloy: "alloy",
  gateway: "nginx",
  memcached: "memcached",
  alertmanager: "alertmanager",
  canary: "loki-canary",
} as const;
const ofPulumi: readonly ProgramName[] = ["pulumi", "minio-plugin", "kubernetes-provider", "random-provider"];
/** Programs that not every platform needs. */
const allExtras = [
  "actionlint",
  "alertmanager",
  "cert-manager",
  "kubectl",
  "loki-canary",
  "prometheus",
  "promtool",
] as const satisfies readonly ProgramName[];
export type Extra = (typeof allExtras)[number];
const ownPrograms = programNames.filter((name) => ![...ofPulumi, ...allExtras].includes(name));

/** Builds what is missing, starts the cluster and writes its stack. It leaves alone what already exists. */
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
      `Topology ${topology} runs only with the sizes of prod.`,
      "leave --stack out, or use --stack prod",
    );
  }
  const upstream = given === undefined ? undefined : resolve(given);
  if (upstream !== undefined) requireCharts(upstream);
  const node = nodeAt(join(dir, "cluster"));
  const name = chosenStack(topology === undefined ? asked : "prod", dir);
  const kind = await usesKind(node);
  if (!kind) await requireMachine(node); // now, not after half an hour of compiling
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
    stack: localStack(dir),
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
 * The stack to run. The cluster can run only one of them, because both would use the same namespaces.
 * @throws OperatorError if the cluster runs the other one.
 */
function chosenStack(asked: LocalStackName | undefined, dir: string): LocalStackName {
  const { stack: running } = read<Engine>(filesOf(dir).engine);
  if (asked !== undefined && running !== undefined && asked !== running) {
    throw new OperatorError(`The local cluster runs stack ${running}.`, [
      `remove it, then start the other one: npm stop, then npm start -- --stack ${asked}`,
      "or keep using it: npm start",
    ]);
  }
  return asked ?? running ?? "dev";
}

/**
 * Writes the stack's folder: a copy of the project's files, with the local settings merged in. It never writes into the
 * checkout.
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
  const { encryptionsalt, config: last } = read<StackFile>(files.stackOf(stack));
  // Without the generations of its credentials, the stack would make new ones of the first generation.
  const rotation = last?.["logharbor:rotation"];
  // Without `main`, because the program comes from here, not from that folder.
  write(
    join(files.project, "Pulumi.yaml"),
    stringify({ ...read<object>(join(projectDir, "Pulumi.yaml")), main: undefined }),
  );
  write(
    files.stackOf(stack),
    stringify(
      {
        ...base,
        encryptionsalt,
        config: { ...base.config, ...config, ...(rotation === undefined ? {} : { "logharbor:rotation": rotation }) },
      },
      { version: "1.1" },
    ),
  ); // Pulumi reads YAML 1.1, which takes 2026-02-12 for a date
  write(files.engine, JSON.stringify({ command: command.command, home, stack } satisfies Engine));
}

/** Makes a stack fit on a single small node: keeps replicas and servers, relaxes spread and sizes. */
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

/** The local cluster's images, as settings. Grafana's image can't be had here, so Grafana is left out. */
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

/** Where to take each chart from: the given folder, else the place of the last start, else the double. */
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

/** Writes a file completely or not at all, and readable for nobody else. */
function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { V1Pod } from "@kubernetes/client-node";
import type { Deployment, EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { headersFor, type LokiAccess } from "../../logs/query";
import { openLoki } from "../../logs/access";
import type { LogStack, OpenStackArgs, OperationResult } from "../../automation/logStack";
import { openStack } from "../../automation/openStack";
import { resourcesOf } from "../../automation/state";
import { openTunnel } from "../../cluster/tunnel";
import type { Settings } from "../../config/settings";
import type { LocalStackName } from "../../local/stacks";
import { minioUrl } from "../../render/addresses";
import { topologyOf } from "../../render/topology";
import { ports, secretNames } from "../../domain/names";

import { TestCluster, type Workload } from "./cluster";
import { recorder } from "./events";
import { neighbourOf, plainly, type NeighbourSettings } from "./neighbour";
import { asStoreUser, type StoreUser } from "./store";

/** Settings that differ from the local platform's, by top-level setting. */
export type Overrides = Record<string, unknown>;

/** The platform under test: the local stack on the tests' own cluster. */
export class Platform {
  private isUp = false;
  /** Name of its stack. */
  readonly stackName: string;

  readonly cluster: TestCluster;
  readonly settings: Settings;
  /** Its Loki, through a tunnel that survives restarts. */
  readonly loki: LokiAccess;
  /** XDG_CACHE_HOME that makes a command take this platform for the local one. */
  readonly cacheHome: string;

  private constructor(
    private readonly args: OpenStackArgs,
    found: Pick<Platform, "cluster" | "settings" | "loki" | "cacheHome">,
  ) {
    this.stackName = args.name;
    this.cluster = found.cluster;
    this.settings = found.settings;
    this.loki = found.loki;
    this.cacheHome = found.cacheHome;
  }

  static async open(args: OpenStackArgs, shellImage: string, cacheHome: string): Promise<Platform> {
    const stack = await openStack(args, { create: true });
    const [settings, kubeConfig] = [await stack.settings(), await stack.kubeConfig()];
    const cluster = new TestCluster(kubeConfig, shellImage);
    return new Platform(args, { cluster, settings, loki: await openLoki(settings, kubeConfig), cacheHome });
  }

  /** Config of a second stack on the cluster, not opened yet. */
  beside(name: string, profile: LocalStackName, settings: NeighbourSettings): OpenStackArgs {
    return neighbourOf(this.args, name, profile, settings);
  }

  /** The platform of a second stack; its tests bring it up and destroy it. */
  async openBeside(args: OpenStackArgs): Promise<Platform> {
    return Platform.open(args, this.cluster.shellImage, this.cacheHome);
  }

  /** Opens the stack again, with other settings for its operations. */
  async stack(
    overrides: Overrides = {},
    onEvent?: (event: EngineEvent) => void,
    { env, signal }: Pick<OpenStackArgs, "env" | "signal"> = {},
  ): Promise<LogStack> {
    const config = { ...this.args.config };
    for (const [name, value] of Object.entries(overrides)) {
      const key = `logharbor:${name}`;
      const given = config[key];
      const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
      const merged = isGroup && given !== undefined ? { ...(JSON.parse(given) as object), ...value } : value;
      config[key] = typeof merged === "string" ? merged : JSON.stringify(merged);
    }
    return openStack({ ...this.args, env: { ...this.args.env, ...env }, signal, config, onEngineEvent: onEvent });
  }

  /** The stack as the Pulumi CLI runs it. */
  async plain(): Promise<Stack> {
    return plainly(this.args);
  }

  async up(onEvent?: (event: EngineEvent) => void): Promise<OperationResult> {
    const result = await (await this.stack({}, onEvent)).up();
    this.isUp = true;
    return result;
  }

  /** Brings the platform up unless this run has already done so. Each test file can therefore run alone. */
  async ensureUp(): Promise<void> {
    if (!this.isUp) await this.up();
  }

  /** Whether the state holds nothing that an `up` made. */
  async isEmpty(): Promise<boolean> {
    return resourcesOf(await this.exportState()).every(({ type }) => type === "pulumi:pulumi:Stack");
  }

  async destroy(): Promise<OperationResult> {
    this.isUp = false;
    return (await this.stack()).destroy();
  }

  /**
   * Runs the platform with other settings, calls `work` with the changes that this made, and sets everything back.
   */
  async withSettings(overrides: Overrides, work: (changed: string[]) => Promise<void>): Promise<void> {
    await this.ensureUp();
    const seen = recorder();
    try {
      await (await this.stack(overrides, seen.onEvent)).up();
      await work(seen.changed());
    } finally {
      await (await this.stack()).up();
    }
  }

  /** The stack's state as `pulumi stack export` gives it: secrets encrypted. */
  async exportState(): Promise<Deployment> {
    // Not through the Automation API, because that shows secrets.
    return JSON.parse(await this.pulumi("export")) as Deployment;
  }

  /** Replaces the state by what `change` makes of it. */
  async changeState(change: (state: Deployment) => Deployment): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "logharbor-"));
    try {
      const file = join(folder, "state.json");
      writeFileSync(file, JSON.stringify(change(await this.exportState())));
      await this.pulumi("import", "--file", file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** The answer of `pulumi stack`. */
  private async pulumi(...command: string[]): Promise<string> {
    const { name, workDir, cli, env } = this.args;
    const variables = Object.entries(env ?? {}).map(([variable, value]) => `${variable}=${value}`);
    const { stdout } = await promisify(execFile)(
      "env",
      [...variables, cli ?? "pulumi", "stack", ...command, "--stack", name],
      { cwd: workDir, maxBuffer: 64 << 20 },
    );
    return stdout;
  }

  async asRoot<T>(work: (user: StoreUser) => Promise<T>): Promise<T> {
    const { rootUser, rootPassword } = await this.cluster.secret({
      namespace: this.settings.namespaces.minio,
      name: secretNames.minioRoot,
    });
    return asStoreUser(
      this.cluster,
      { minioUrl: minioUrl(this.settings), accessKey: rootUser!, secretKey: rootPassword! },
      work,
    );
  }

  async asLoki<T>(work: (user: StoreUser) => Promise<T>): Promise<T> {
    const { S3_ACCESS_KEY_ID: key, S3_SECRET_ACCESS_KEY: secret } = await this.cluster.secret({
      namespace: this.settings.namespaces.loki,
      name: secretNames.lokiStore,
    });
    return asStoreUser(this.cluster, { minioUrl: minioUrl(this.settings), accessKey: key!, secretKey: secret! }, work);
  }

  /** Makes every ingester of Loki flush its memory to the store. */
  async flush(): Promise<void> {
    for (const pod of await this.cluster.podsOf(this.workloads.loki)) {
      await this.cluster.ask("POST", `${pathOf(pod)}/flush`);
    }
  }

  /** The answer of each pod of a Loki target, asked directly and not through the gateway. */
  async askEach(workload: Workload, path: string): Promise<string[]> {
    const pods = await this.cluster.podsOf(workload);
    return Promise.all(pods.map(async (pod) => this.cluster.ask("GET", `${pathOf(pod)}/${path}`)));
  }

  async askLoki(path: string, init: RequestInit = {}): Promise<Response> {
    // A gateway keeps a request open while it finds no Loki.
    const signal = AbortSignal.timeout(30_000);
    return fetch(`${this.loki.url}${path}`, { headers: headersFor(this.loki), signal, ...init });
  }

  /** How many lines a query finds, counted by Loki itself over the time since `start`. */
  async count(query: string, start: Date): Promise<number> {
    const seconds = Math.ceil((Date.now() - start.getTime()) / 1000);
    const response = await this.askLoki(
      `/loki/api/v1/query?${new URLSearchParams({ query: `sum(count_over_time(${query}[${seconds}s]))` }).toString()}`,
    );
    if (!response.ok) throw new Error(`count: ${response.status} ${await response.text()}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? 0);
  }

  /** Sum of one of Alloy's metrics, over the series whose labels contain a text. */
  async alloyMetric(name: string, text: string): Promise<number> {
    const { kubeConfig } = this.cluster;
    const tunnel = await openTunnel({
      kubeConfig,
      namespace: this.settings.namespaces.alloy,
      service: "alloy",
      port: ports.alloy,
      waitSeconds: 30,
    });
    try {
      const metrics = await (await fetch(`http://${tunnel.host}:${tunnel.port}/metrics`)).text();
      const series = metrics.split("\n").filter((line) => line.startsWith(`${name}{`) && line.includes(text));
      return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
    } finally {
      await tunnel.close();
    }
  }

  /** The workloads, by task; `loki` is the one that takes in lines. Each stack has those of its topology. */
  get workloads(): Record<"minio" | "loki" | "alloy", Workload> {
    const { minio, alloy } = this.settings.namespaces;
    const { servers } = this.settings.minio;
    return {
      minio: { kind: servers > 1 ? "StatefulSet" : "Deployment", namespace: minio, name: "minio", replicas: servers },
      loki: this.lokiTargets.find(({ name }) => name === "loki" || name === "loki-write")!,
      alloy: { kind: "DaemonSet", namespace: alloy, name: "alloy", replicas: 1 },
    };
  }

  /** Every Loki target of the topology. */
  get lokiTargets(): Workload[] {
    const { singleBinary, write, read, backend } = topologyOf(this.settings).replicas;
    const targets = [
      { kind: "StatefulSet", name: "loki", replicas: singleBinary },
      { kind: "StatefulSet", name: "loki-write", replicas: write },
      { kind: "Deployment", name: "loki-read", replicas: read },
      { kind: "StatefulSet", name: "loki-backend", replicas: backend },
    ] as const;
    return targets
      .filter(({ replicas }) => replicas > 0)
      .map((target) => ({ ...target, namespace: this.settings.namespaces.loki }));
  }
}

/** Path of the API server that forwards requests to the HTTP port of a Loki pod. */
function pathOf({ metadata }: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}:${ports.lokiHttp}/proxy`;
}

let current: Platform | undefined;

/** The platform of this run; `run.ts` opens it before any test. */
export function platform(): Platform {
  if (current === undefined) throw new Error("run the end-to-end tests with `npm run e2e`");
  return current;
}

export function usePlatform(opened: Platform): void {
  current = opened;
}

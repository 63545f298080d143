import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { OperatorError } from "../../../domain/problem";
import { run, sleep, until } from "../../../local/cluster/run";
import { freePort } from "../../support/freePort";
import { firstTime } from "./push";

/** Arguments of a Loki process. */
export interface LokiArgs {
  /** The program. */
  readonly bin: string;
  /** Folder for everything that it writes; a later process may use it too. */
  readonly dir: string;
  readonly encoding: string;
  /** Whether it has a write-ahead log. A Loki that only reads must not: it would hold stored lines in memory. */
  readonly writes: boolean;
  /** Limits by tenant. Default: it does not tell tenants apart. */
  readonly overrides?: object;
  /** Further limits of every tenant. Default: none. */
  readonly limits?: object;
}

interface QueryAnswer {
  data: { result: { value: [time: number, value: string] }[] };
}

/** A whole Loki in one process on this machine. It stores files, has no caches, and runs each query in one piece. */
export class Loki {
  private constructor(
    private readonly child: ChildProcess,
    private readonly place: { pid: number; url: string; chunksDir: string },
    /** Processor time that it uses while idle, for each nanosecond of the clock. */
    private readonly idle: number,
  ) {}

  /** Starts it, and waits until it is ready and quiet. */
  static async start(args: LokiArgs): Promise<Loki> {
    const { bin, dir } = args;
    const port = await freePort();
    const config = path.join(dir, "loki.yaml");
    const log = path.join(dir, "loki.log");
    fs.writeFileSync(config, stringify(configOf(args, port, await freePort())));
    fs.writeFileSync(overridesFile(args), stringify({ overrides: args.overrides ?? {} }));
    const output = fs.openSync(log, "w");
    const child = spawn(bin, [`-config.file=${config}`], { stdio: ["ignore", output, output] });
    fs.closeSync(output);
    const { pid } = child;
    if (pid === undefined) throw (await once(child, "error"))[0];
    const url = `http://127.0.0.1:${port}`;
    try {
      await until("Loki is ready", 300, async () => {
        if (child.exitCode !== null) {
          throw new OperatorError(`Loki ended with status ${child.exitCode}:\n${lastLines(log)}`, "fix what it says");
        }
        return fetch(`${url}/ready`).then(async (answer) => (answer.ok ? undefined : await answer.text()), String);
      });
      await sleep(1_000);
      return new Loki(child, { pid, url, chunksDir: path.join(dir, "chunks") }, await idleOf(pid));
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Where it answers. */
  get url(): string {
    return this.place.url;
  }

  /** Stops it gracefully, so that it stores what it holds only in memory, such as the index. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const kill = setTimeout(() => this.child.kill("SIGKILL"), 120_000);
    await ended;
    clearTimeout(kill);
  }

  /** Kills it; for when it has nothing left to store. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /**
   * Processor time of the work in nanoseconds, without what an idle Loki uses meanwhile and without old garbage.
   * @param done whether the work has ended; its own time does not count
   */
  async timed(work: () => Promise<void>, done: () => Promise<boolean> = () => Promise.resolve(true)): Promise<number> {
    await this.collectGarbage();
    const began = process.hrtime.bigint();
    const before = processorTime(this.place.pid);
    await work();
    for (;;) {
      const used = processorTime(this.place.pid) - before - this.idle * Number(process.hrtime.bigint() - began);
      if (await done()) return used;
      await sleep(100);
    }
  }

  /** The peak of resident memory during the work, in bytes. */
  async peak(work: () => Promise<void>): Promise<number> {
    await this.collectGarbage();
    fs.writeFileSync(`/proc/${this.place.pid}/clear_refs`, "5"); // forgets the peak so far
    await work();
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${this.place.pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) * 1024;
  }

  async push(body: Buffer<ArrayBuffer>): Promise<void> {
    const headers = { "content-type": "application/x-protobuf" };
    const response = await fetch(`${this.place.url}/loki/api/v1/push`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`Loki refused lines: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  /** Flushes every chunk to the store, and waits until no more arrive there. */
  async flush(): Promise<void> {
    await this.get("/flush");
    let stored = -1;
    await until("Loki's chunks are stored", 300, () => {
      const before = stored;
      stored = this.chunkFiles().length;
      return stored === before ? undefined : `${stored} chunks so far`;
    });
  }

  /** Whether all chunks are flushed. Asked last, because the answer costs Loki time too. */
  async hasFlushed(): Promise<boolean> {
    const metrics = await this.get("/metrics");
    const sum = (name: string) => sumOf(metrics, `loki_ingester_chunks_${name}_total`);
    return sum("created") === sum("flushed");
  }

  /** Number of lines that a LogQL query finds from the first time on. */
  async count(query: string, seconds: number): Promise<number> {
    const time = String(firstTime + seconds);
    const range = new URLSearchParams({ query: `sum(count_over_time(${query}[${seconds + 1}s]))`, time });
    const { data } = JSON.parse(await this.get(`/loki/api/v1/query?${range}`)) as QueryAnswer;
    return Number(data.result[0]?.value[1] ?? 0);
  }

  /** Sizes and hashes of the stored chunks, by name. */
  chunks(): Map<string, { bytes: number; hash: string }> {
    return new Map(
      this.chunkFiles().map((file) => {
        const content = fs.readFileSync(file);
        const hash = createHash("sha256").update(content).digest("hex");
        return [path.relative(this.place.chunksDir, file), { bytes: content.length, hash }];
      }),
    );
  }

  /** Chunk files of the only tenant; the index is next to this folder. */
  private chunkFiles(): string[] {
    const dir = path.join(this.place.chunksDir, "fake");
    if (!fs.existsSync(dir)) return [];
    return fs
      .readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
  }

  private async collectGarbage(): Promise<void> {
    await this.get("/debug/pprof/heap?gc=1");
  }

  private async get(target: string): Promise<string> {
    const response = await fetch(`${this.place.url}${target}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`Loki answered ${target} with ${response.status}: ${text}`);
    return text;
  }
}

/** Lower priority: the machine may have other work, and we measure processor time only. */
const patience = "5m";

/** The version that the program reports. */
export async function versionOf(bin: string): Promise<string> {
  const text = await run(bin, ["-version"]);
  return /version (\S+)[\s\S]*go version:\s+(\S+)/.exec(text)?.slice(1).join(", ") ?? "of unknown version";
}

function overridesFile({ dir }: LokiArgs): string {
  return path.join(dir, "overrides.yaml");
}

/** Loki's defaults, except for the store, the caches, and the limits that would refuse old or many lines. */
function configOf(args: LokiArgs, httpPort: number, grpcPort: number): object {
  const { dir, encoding, limits, overrides, writes } = args;
  const index = { prefix: "index_", period: "24h" };
  const off = { embedded_cache: { enabled: true, max_size_mb: 0 } };
  return {
    auth_enabled: overrides !== undefined,
    runtime_config: { file: overridesFile(args) },
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: "127.0.0.1",
      http_listen_port: httpPort,
      grpc_listen_address: "127.0.0.1",
      grpc_listen_port: grpcPort,
      log_level: "warn",
      http_server_read_timeout: patience,
      http_server_write_timeout: patience,
    },
    ingester_client: { remote_timeout: patience },
    common: {
      instance_addr: "127.0.0.1",
      path_prefix: dir,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: { filesystem: { chunks_directory: path.join(dir, "chunks"), rules_directory: path.join(dir, "rules") } },
    },
    schema_config: {
      configs: [{ from: "2025-01-01", store: "tsdb", object_store: "filesystem", schema: "v13", index }],
    },
    ingester: { chunk_encoding: encoding, wal: { enabled: writes }, lifecycler: { min_ready_duration: "0s" } },
    chunk_store_config: { chunk_cache_config: off },
    query_range: { results_cache: { cache: off }, parallelise_shardable_queries: false },
    limits_config: {
      ingestion_rate_mb: 10_000,
      ingestion_burst_size_mb: 10_000,
      per_stream_rate_limit: "10GB",
      per_stream_rate_limit_burst: "10GB",
      // Our lines come faster than any container's, so Loki would divide their streams by speed.
      shard_streams: { enabled: false },
      query_timeout: patience,
      max_line_size: 0,
      reject_old_samples: false,
      split_queries_by_interval: 0,
      split_instant_metric_queries_by_interval: 0,
      ...limits,
    },
  };
}

/**
 * Nanoseconds that the process's threads have run. Go keeps its threads, so no time is lost. Unlike clock time, this
 * time stands still while other processes run.
 */
function processorTime(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const ofThread = (thread: string) => Number(fs.readFileSync(`${tasks}/${thread}/schedstat`, "utf8").split(" ")[0]);
  return fs.readdirSync(tasks).reduce((sum, thread) => sum + ofThread(thread), 0);
}

async function idleOf(pid: number): Promise<number> {
  const began = process.hrtime.bigint();
  const before = processorTime(pid);
  await sleep(1_000);
  return (processorTime(pid) - before) / Number(process.hrtime.bigint() - began);
}

/** Sum over all series of a metric. */
function sumOf(metrics: string, name: string): number {
  const series = metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"));
  return [...series].reduce((sum, [, value]) => sum + Number(value), 0);
}

function lastLines(log: string): string {
  return fs.readFileSync(log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
}

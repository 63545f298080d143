import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../local/cache";
import { alloyPipeline } from "../../render/alloy/pipeline";
import { planOf } from "../../render/plan";
import { ApiServerDouble, type KnownPod } from "./apiServerDouble";
import { freePort } from "./freePort";
import { settingsFor, type Overrides } from "./stack";
import { waitFor } from "./wait";

/** The program, as the local cluster runs it. */
export const alloyProgram = join(cacheDir(), "bin", "alloy");

/** Where Alloy finds everything on this machine. */
export interface AlloyPlace {
  /** Folder for its own files; a later process may use it too. */
  dir: string;
  /** Loki, such as http://127.0.0.1:3100. */
  lokiUrl: string;
  /** Pods that the double of the API server knows. */
  pods: readonly KnownPod[];
  /** Settings of `alloy`. */
  alloy: Overrides;
}

/**
 * Alloy as a process of this machine, with the pipeline that the product renders, except for addresses. A double stands
 * in for the API server.
 */
export class AlloyProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly api: ApiServerDouble,
    private readonly place: { url: string; log: string },
  ) {}

  static async start({ dir, lokiUrl, pods, alloy }: AlloyPlace): Promise<AlloyProcess> {
    mkdirSync(podLogs(dir), { recursive: true });
    const api = await ApiServerDouble.start(pods);
    const spec = planOf(settingsFor("dev", { alloy: { ...alloy, podLogsDir: podLogs(dir) } })).alloy;
    const pipeline = alloyPipeline({ ...spec, lokiUrl }).replace(
      'k8sattributes "pods" {',
      'k8sattributes "pods" {\n  auth_type = "kubeConfig"',
    );
    writeFileSync(join(dir, "config.alloy"), pipeline);
    writeFileSync(join(dir, "kubeconfig"), api.kubeconfig);
    const port = await freePort();
    const args = ["run", `--storage.path=${join(dir, "storage")}`, `--server.http.listen-addr=127.0.0.1:${port}`];
    const child = spawn(alloyProgram, [...args, join(dir, "config.alloy")], {
      env: { ...process.env, KUBECONFIG: join(dir, "kubeconfig"), K8S_NODE_NAME: "node" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const log = join(dir, "alloy.log");
    writeFileSync(log, "");
    child.stderr?.on("data", (text: Buffer) => appendFileSync(log, text));
    const place = { url: `http://127.0.0.1:${port}`, log };
    try {
      await waitFor("Alloy", 60, async () => {
        if (child.exitCode !== null) throw new Error(readFileSync(log, "utf8").slice(-2000));
        return (await fetch(`${place.url}/-/ready`)).ok ? true : undefined;
      });
    } catch (error) {
      child.kill("SIGKILL");
      api.stop();
      throw error;
    }
    return new AlloyProcess(child, api, place);
  }

  /** Sum of a metric of its own, over the series that have this in their labels. */
  async metric(name: string, having = ""): Promise<number> {
    const text = await (await fetch(`${this.place.url}/metrics`)).text();
    return text
      .split("\n")
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(having))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  /** Processor time of its threads so far, in milliseconds. */
  get processorMs(): number {
    const tasks = `/proc/${this.child.pid}/task`;
    return readdirSync(tasks)
      .map((thread) => Number(readFileSync(`${tasks}/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6)
      .reduce((sum, ms) => sum + ms, 0);
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill(signal);
      await ended;
    }
    this.api.stop();
  }
}

/** Folder of the pods' logs. */
function podLogs(dir: string): string {
  return join(dir, "pods");
}

/** A line of a container as containerd writes it: in parts of 16 KiB if it is long. */
export function criLine(line: string, time: string, stream: "stdout" | "stderr" = "stdout"): string {
  const bytes = Buffer.from(line);
  const parts = Math.max(1, Math.ceil(bytes.length / 16_384));
  return Array.from({ length: parts }, (_, part) => {
    const text = bytes.subarray(part * 16_384, (part + 1) * 16_384).toString("latin1");
    return `${time} ${stream} ${part < parts - 1 ? "P" : "F"} ${text}\n`;
  }).join("");
}

/** Appends lines to the log of a container; each has a time of its own. */
export function writeLog(dir: string, pod: KnownPod, lines: readonly string[], more: Partial<LogPlace> = {}): void {
  const { container = "app", stream = "stdout", run = 0 } = more;
  const folder = join(podLogs(dir), `${pod.namespace}_${pod.name}_${pod.uid}`, container);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const text = lines.map((line) => criLine(line, nextTime(), stream)).join("");
  appendFileSync(join(folder, `${run}.log`), Buffer.from(text, "latin1"));
}

/** Which log of a pod. */
interface LogPlace {
  container: string;
  stream: "stdout" | "stderr";
  /** Number of restarts. */
  run: number;
}

let lastTime = 0n;

function nextTime(): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastTime = now > lastTime ? now : lastTime + 1n;
  return `${new Date(Number(lastTime / 1_000_000_000n) * 1000).toISOString().slice(0, 19)}.${String(lastTime % 1_000_000_000n).padStart(9, "0")}Z`;
}

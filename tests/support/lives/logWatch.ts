import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One log file of a container, as the node had it. */
interface LogFile {
  first: number;
  last: number;
  gone: boolean;
  size: number;
}

const everyMs = 100;

/**
 * Watches the kubelet's log files of a namespace by polling: when each came, and when it went, to a tenth of a second.
 */
export class LogWatch {
  private readonly files = new Map<string, LogFile>();
  private timer?: NodeJS.Timeout;

  /** @param root root file system of the node, which is this machine's */
  constructor(
    private readonly root: string,
    private readonly namespace: string,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /**
   * Seconds that the kubelet kept each file of the pods whose names begin like this; Infinity for files that still
   * exist.
   */
  kept(pods: string): number[] {
    return [...this.files]
      .filter(([path]) => path.startsWith(`${this.namespace}_${pods}`))
      .map(([, { first, last, gone }]) => (gone ? (last - first) / 1000 : Infinity));
  }

  /** Content of a pod's current files. */
  text(pod: string): string {
    return [...this.files]
      .filter(([path, { gone }]) => !gone && path.startsWith(`${this.namespace}_${pod}_`))
      .map(([path]) => readIfThere(join(this.root, "var/log/pods", path)))
      .join("");
  }

  private look(): void {
    const now = Date.now();
    const seen = new Set<string>();
    const logs = join(this.root, "var/log/pods");
    for (const pod of namesIn(logs)) {
      if (!pod.startsWith(`${this.namespace}_`)) continue;
      for (const container of namesIn(join(logs, pod))) {
        for (const file of namesIn(join(logs, pod, container))) {
          const path = `${pod}/${container}/${file}`;
          const size = sizeIfThere(join(logs, path));
          if (size === undefined) continue;
          seen.add(path);
          const known = this.files.get(path);
          this.files.set(path, { first: known?.first ?? now, last: now, gone: false, size });
        }
      }
    }
    for (const [path, file] of this.files) if (!seen.has(path)) file.gone = true;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // gone meanwhile
  }
}

function sizeIfThere(path: string): number | undefined {
  try {
    return statSync(path).size;
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

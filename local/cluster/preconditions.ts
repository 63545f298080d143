import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { hierarchies } from "./cgroups";
import { run } from "./run";

/** What we need to know about the machine before starting the local node. */
export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  /** Programs that the node needs and the machine lacks. */
  readonly missingTools: readonly string[];
  /** Number of cgroup hierarchies in which we can make a group. */
  readonly writableCgroups: number;
  readonly hasOverlayfs: boolean;
  /** File system of the node's directory. */
  readonly fileSystem: string;
  /** What went wrong in a trial of namespaces with a network interface; undefined if they work. */
  readonly namespaceFault?: string;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number;
}

const gib = 2 ** 30;
/** The node needs 1 GiB, the dev stack another. */
export const neededMemoryBytes = 3 * gib;
/** Images, once packed and once unpacked, and volumes. */
export const neededDiskBytes = 6 * gib;

const tools: Readonly<Record<string, string>> = {
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "mount",
  umount: "mount",
  pivot_root: "util-linux",
  bash: "bash",
  tar: "tar",
  "apt-get": "apt",
  "dpkg-deb": "dpkg",
};

/** Everything that keeps the local node from running on this machine, each with a remedy. */
export function unmet(machine: Machine): string[] {
  if (machine.platform !== "linux") return [`It needs Linux; this is ${machine.platform}.`];
  const faults: string[] = [];
  if (!machine.isRoot) faults.push("It needs root: start it with sudo -E, or as root.");
  if (machine.missingTools.length > 0) {
    const packages = [...new Set(machine.missingTools.map((tool) => tools[tool]))];
    faults.push(
      `It needs ${machine.missingTools.join(", ")}: apt-get install ` +
        `${packages.join(" ")}${packages.includes("apt") ? " (a Debian or Ubuntu machine)" : ""}.`,
    );
  }
  if (machine.writableCgroups === 0)
    faults.push(
      "It needs cgroups that root may change below /sys/fs/cgroup: if this is a container, run it privileged.",
    );
  if (!machine.hasOverlayfs) faults.push("It needs overlayfs: modprobe overlay.");
  if (["overlayfs", "nfs"].includes(machine.fileSystem)) {
    faults.push(
      `Its directory is on ${machine.fileSystem}, where container images cannot be unpacked: set ` +
        "XDG_CACHE_HOME to a directory on a disk (ext4, xfs, btrfs).",
    );
  }
  if (machine.namespaceFault)
    faults.push(
      `It needs network, mount and process namespaces and veth interfaces (modprobe veth): ${machine.namespaceFault}`,
    );
  if (machine.freeMemoryBytes < neededMemoryBytes) {
    faults.push(
      `It needs ${inGib(neededMemoryBytes)} of free memory, and ${inGib(machine.freeMemoryBytes)} is free: stop other programs.`,
    );
  }
  if (machine.freeDiskBytes < neededDiskBytes) {
    faults.push(
      `It needs ${inGib(neededDiskBytes)} of free disk, and ${inGib(machine.freeDiskBytes)} is free: free ` +
        "some space, or set XDG_CACHE_HOME to a larger disk.",
    );
  }
  return faults;
}

function inGib(bytes: number): string {
  return `${(bytes / gib).toFixed(1)} GiB`;
}

/** Inspects this machine; `dir` is where the node's directory is or will be. */
export async function inspectMachine(dir: string): Promise<Machine> {
  if (os.platform() !== "linux") {
    return {
      platform: os.platform(),
      isRoot: false,
      missingTools: [],
      writableCgroups: 0,
      hasOverlayfs: false,
      fileSystem: "",
      freeMemoryBytes: 0,
      freeDiskBytes: 0,
    };
  }
  const isRoot = process.getuid?.() === 0;
  const disk = existing(dir);
  const { bavail, bsize } = fs.statfsSync(disk);
  return {
    platform: "linux",
    isRoot,
    missingTools: (
      await Promise.all(Object.keys(tools).map(async (tool) => ((await succeeds(`command -v ${tool}`)) ? [] : [tool])))
    ).flat(),
    writableCgroups: hierarchies().filter((hierarchy) => canWrite(hierarchy.dir)).length,
    hasOverlayfs:
      /\soverlay$/m.test(fs.readFileSync("/proc/filesystems", "utf8")) ||
      (await succeeds("modprobe --dry-run overlay")),
    fileSystem: (await run("stat", ["--file-system", "--format=%T", disk])).trim(),
    namespaceFault: isRoot ? await namespaceFault() : undefined,
    freeMemoryBytes: availableMemory(fs.readFileSync("/proc/meminfo", "utf8")),
    freeDiskBytes: bavail * bsize,
  };
}

/** The nearest existing directory at or above `dir`. */
function existing(dir: string): string {
  return fs.existsSync(dir) ? dir : existing(path.dirname(dir));
}

function succeeds(command: string): Promise<boolean> {
  return run("sh", ["-c", command]).then(
    () => true,
    () => false,
  );
}

function canWrite(dir: string): boolean {
  const mounted = fs
    .readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  return mounted.some(([, at, , options = ""]) => at === dir && options.split(",").includes("rw"));
}

function namespaceFault(): Promise<string | undefined> {
  return run("unshare", [
    "--net",
    "--mount",
    "--pid",
    "--ipc",
    "--uts",
    "--fork",
    "ip",
    "link",
    "add",
    "probe",
    "type",
    "veth",
    "peer",
    "name",
    "probe2",
  ]).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** Reads from the text of /proc/meminfo how many bytes programs can still get. */
export function availableMemory(meminfo: string): number {
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0) * 1024;
}

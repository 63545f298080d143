import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Readable } from "node:stream";
import { cgroupDirs, cgroupProcesses, createCgroup, removeCgroup } from "./cgroups";
import { fillImages } from "./imageName";
import { type Cable, plugIn, unplug } from "./network";
import { type Node } from "./node";
import { run, until } from "./run";

/** The files that the node runs from. */
export interface NodeFiles {
  /** Directory of the unpacked packages, which holds usr/. */
  readonly packages: string;
  /** Directory of our own binaries. */
  readonly bin: string;
}

/**
 * The machine's id of the node's process 1; undefined if the node does not run. Only the node's cgroup records it.
 */
export function initProcess(node: Node): number | undefined {
  return cgroupProcesses(`${node.id}/node`).find((pid) => {
    try {
      // its ids in every process namespace, the innermost last
      return /^NSpid:.*\s1$/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** Folder on the node whose manifests the kubelet runs as static pods. */
export const staticPods = "etc/node/static-pods";

/**
 * Creates the node's root file system: the files of rootfs/, and the directories for mounts and for files that the node
 * writes.
 */
export function layOut(node: Node, address: string): void {
  const own: Readonly<Record<string, string>> = { "@NODE_ADDRESS@": address, "@CGROUP@": `/${node.id}` };
  for (const dir of ["usr", "opt", "proc", "sys", "dev", "run", "tmp", "root", "var/lib", "var/log/node", staticPods]) {
    fs.mkdirSync(path.join(node.root, dir), { recursive: true });
  }
  for (const dir of ["bin", "sbin", "lib", "lib64"]) link(`usr/${dir}`, path.join(node.root, dir));
  link("../run", path.join(node.root, "var/run"));

  const source = path.join(__dirname, "rootfs");
  for (const entry of fs
    .readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const target = path.join(node.root, path.relative(source, file));
    const text = fillImages(fs.readFileSync(file, "utf8")).replaceAll(/@[A-Z_]+@/g, (name) => own[name] ?? name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
    fs.chmodSync(target, file.endsWith(".sh") ? 0o755 : 0o644);
  }
}

function link(target: string, file: string): void {
  if (!fs.lstatSync(file, { throwIfNoEntry: false })) fs.symlinkSync(target, file);
}

/** The shell joins the cgroup before anything of the node runs, so that we find all the node's processes there. */
const join =
  'for file in $1; do echo $$ > "$file" || exit; done; shift; exec unshare --net --mount --pid --ipc --uts --fork --kill-child "$@"';

/** Starts the node's process 1 in its own namespaces, and plugs in the cable that it waits for. */
export async function startInit(node: Node, files: NodeFiles, cable: Cable): Promise<void> {
  const log = fs.openSync(node.bootLog, "w");
  const boot = [path.join(node.root, "boot.sh"), node.root, path.join(files.packages, "usr"), files.bin];
  const child = spawn("/bin/sh", ["-c", join, "sh", createCgroup(node.id).join(" "), ...boot], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  child.unref();
  fs.closeSync(log);

  const process1 = () => {
    if (child.exitCode !== null)
      throw new Error(`The local node did not start: ${fs.readFileSync(node.bootLog, "utf8").trim()}`);
    return initProcess(node);
  };
  await until("the node's namespaces", 10, () => (process1() === undefined ? "its process 1 is missing" : undefined));
  await plugIn(node.id, child.pid ?? 0, cable);
}

/** Kills process 1, and with it every process, mount, interface and firewall rule of the node. */
export async function stopInit(node: Node): Promise<void> {
  const init = initProcess(node);
  if (init !== undefined) kill(init);
  await until("the end of the node's processes", 30, () => {
    const left = cgroupProcesses(node.id);
    if (init === undefined) left.forEach(kill); // left by an interrupted start
    return left.length > 0 ? `processes ${left.join(", ")} still run` : undefined;
  });
  await unplug(node.id);
  await until("the removal of the node's cgroup", 10, () => {
    try {
      removeCgroup(node.id);
    } catch {
      // the kernel still counts a process that just ended
    }
    return cgroupDirs(node.id)[0];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}

/**
 * Runs a program inside the node and returns what it printed.
 * @throws Error if the node does not run, or the program fails.
 */
export function runInside(node: Node, command: readonly string[], input?: Readable): Promise<string> {
  const pid = initProcess(node);
  if (pid === undefined) throw new Error("The local node is not running.");
  return run("nsenter", ["--target", String(pid), "--mount", "--net", "--pid", "--ipc", "--uts", "--", ...command], {
    input,
  });
}

import * as fs from "node:fs";
import * as path from "node:path";

/** One mounted cgroup hierarchy: a single one (v2), or one per controller (v1, and v2 beside it). */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly dir: string;
}

/** The hierarchies in the text of /proc/self/mounts. */
export function parseHierarchies(mounts: string): Hierarchy[] {
  return mounts.split("\n").flatMap((line): Hierarchy[] => {
    const [, dir = "", type] = line.split(" ");
    if (type === "cgroup") return [{ version: 1, dir }];
    if (type === "cgroup2") return [{ version: 2, dir }];
    return [];
  });
}

/** The hierarchies of this machine; none if it is not Linux. */
export function hierarchies(): Hierarchy[] {
  return process.platform === "linux" ? parseHierarchies(fs.readFileSync("/proc/self/mounts", "utf8")) : [];
}

/**
 * Makes cgroup `name` in every hierarchy, and in it the leaf `node` for the node's own processes.
 * @returns the files into which a process writes its id to join that leaf.
 */
export function createCgroup(name: string): string[] {
  const all = hierarchies();
  const onlyV2 = all.every(({ version }) => version === 2); // next to v1, v2 controls nothing
  return all.map(({ version, dir }) => {
    const group = path.join(dir, name);
    const leaf = path.join(group, "node");
    for (const made of [group, leaf]) {
      fs.mkdirSync(made, { recursive: true });
      if (version === 1) copyCpus(made);
      else if (onlyV2 && made === group) delegate([dir, group]);
    }
    return path.join(leaf, "cgroup.procs");
  });
}

/** A new v1 cpuset is empty and admits no process, so it gets its parent's values. */
function copyCpus(group: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const target = path.join(group, file);
    if (fs.existsSync(target)) fs.writeFileSync(target, fs.readFileSync(path.join(group, "..", file)));
  }
}

/** v2 gives a controller to the children of a group only on request. */
function delegate(groups: readonly string[]): void {
  for (const group of groups) {
    const controllers = fs.readFileSync(path.join(group, "cgroup.controllers"), "utf8").trim();
    for (const controller of controllers.split(/\s+/).filter(Boolean)) {
      fs.writeFileSync(path.join(group, "cgroup.subtree_control"), `+${controller}`);
    }
  }
}

/** Existing directories of cgroup `name`, each after those inside it. */
export function cgroupDirs(name: string): string[] {
  const below = (dir: string): string[] => [
    ...fs
      .readdirSync(dir, { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? below(path.join(dir, entry.name)) : [])),
    dir,
  ];
  return hierarchies()
    .map(({ dir }) => path.join(dir, name))
    .filter((dir) => fs.existsSync(dir))
    .flatMap(below);
}

/** Ids of the processes in cgroup `name`, including those in pods. */
export function cgroupProcesses(name: string): number[] {
  const ids = cgroupDirs(name).flatMap((dir) =>
    fs.readFileSync(path.join(dir, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number),
  );
  return [...new Set(ids)];
}

/** Removes cgroup `name`. Its processes must have ended. */
export function removeCgroup(name: string): void {
  for (const dir of cgroupDirs(name)) fs.rmdirSync(dir);
}

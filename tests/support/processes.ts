import { readdirSync, readFileSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  name: string;
}

/** This process's descendants (Linux). */
export function descendants(of: number = process.pid): Process[] {
  const all = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap(processOf);
  const below = (parent: number): Process[] =>
    all.filter((candidate) => candidate.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(of);
}

/** Kills this process's descendants of that name, and their descendants, without a warning. */
export function killDescendants(name: string): number {
  const killed = descendants()
    .filter((candidate) => candidate.name === name)
    .flatMap((found) => [found, ...descendants(found.pid)]);
  for (const { pid } of killed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // gone already
    }
  }
  return killed.length;
}

function processOf(pid: string): Process[] {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return name === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
  } catch {
    return []; // gone meanwhile
  }
}

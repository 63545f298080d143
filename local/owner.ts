import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes into a file that this process owns what the file stands for. */
export function own(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, String(process.pid));
}

/** Id of another running process that owns the file, if there is one. */
export function otherOwner(file: string): number | undefined {
  const id = existsSync(file) ? Number(readFileSync(file, "utf8")) : process.pid;
  return id !== process.pid && existsSync(`/proc/${id}`) ? id : undefined;
}

import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { join, relative } from "node:path";

/** A MinIO drive: a directory of the node. */
export interface Drive {
  /** Name of its PersistentVolumeClaim, such as `export-0-minio-1`. */
  claim: string;
  directory: string;
}

/** The drives of MinIO's servers, by claim. */
export function drives(root: string, namespace: string): Drive[] {
  const volumes = join(root, "var/lib/volumes");
  const found = readdirSync(volumes).flatMap((name) => {
    const [, claim] = new RegExp(`^pvc-[^_]+_${namespace}_(export-.+)$`).exec(name) ?? [];
    return claim === undefined ? [] : [{ claim, directory: join(volumes, name) }];
  });
  return found.sort((a, b) => a.claim.localeCompare(b.claim));
}

/** Removes everything from a drive, as if it were new. */
export function wipe({ directory }: Drive): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
}

/** Hash of each shard of a bucket's objects on a drive, by path. */
export function shards({ directory }: Drive, bucket: string): Map<string, string> {
  const top = join(directory, bucket);
  if (!existsSync(top)) return new Map();
  const files = readdirSync(top, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.startsWith("part."),
  );
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(directory, file), createHash("sha256").update(readFileSync(file)).digest("hex")];
    }),
  );
}

/** Flips every bit of one byte in the middle of a file. */
export function flipByte({ directory }: Drive, shard: string): void {
  const file = openSync(join(directory, shard), "r+");
  try {
    const byte = Buffer.alloc(1);
    const middle = 4096;
    readSync(file, byte, 0, 1, middle);
    byte[0]! ^= 0xff;
    writeSync(file, byte, 0, 1, middle);
  } finally {
    closeSync(file);
  }
}

/** Shards that are missing or have changed. */
export function changes(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  return [...before].filter(([shard, hash]) => now.get(shard) !== hash).map(([shard]) => shard);
}

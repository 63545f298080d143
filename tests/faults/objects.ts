import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "minio";
import { objectBytes } from "../support/store";

/** Large enough that MinIO stores it in separate files and not inside the metadata. */
const objectBytesEach = 1 << 20;
const timeoutMs = 15_000;

/** Objects of random bytes in a separate bucket, with their hashes. */
export class Objects {
  readonly hashes = new Map<string, string>();
  refused = 0;

  constructor(
    readonly client: Client,
    readonly bucket: string,
  ) {}

  /** Makes the bucket, and removes it after `work`. */
  static async within<T>(client: Client, bucket: string, work: (objects: Objects) => Promise<T>): Promise<T> {
    const objects = new Objects(client, bucket);
    await client.makeBucket(bucket);
    try {
      return await work(objects);
    } finally {
      await client.removeObjects(bucket, await objects.names());
      await client.removeBucket(bucket);
    }
  }

  /**
   * Writes objects. It counts those that MinIO refuses, and does not expect them afterwards.
   * @returns the name of the last one
   */
  async put(count: number): Promise<string> {
    let name = "";
    for (let index = 0; index < count; index++) {
      name = `object-${randomBytes(6).toString("hex")}`;
      const bytes = randomBytes(objectBytesEach);
      const put = this.client.putObject(this.bucket, name, bytes);
      const taken = await Promise.race([
        put.then(
          () => true,
          () => false,
        ),
        sleep(timeoutMs, false, { ref: false }),
      ]);
      if (taken) this.hashes.set(name, createHash("sha256").update(bytes).digest("hex"));
      else this.refused += 1;
    }
    return name;
  }

  /** Names of the acknowledged objects that do not read back as they were written. */
  async damaged(): Promise<string[]> {
    const found = await Promise.all(
      [...this.hashes].map(async ([name, hash]) => {
        const bytes = await objectBytes(this.client, this.bucket, name).catch(() => Buffer.alloc(0));
        return createHash("sha256").update(bytes).digest("hex") === hash ? [] : [name];
      }),
    );
    return found.flat();
  }

  private async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const item of this.client.listObjectsV2(this.bucket, "", true))
      names.push((item as { name: string }).name);
    return names;
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../support/wait";
import { changes, drives, flipByte, shards, wipe, type Drive } from "./drives";
import type { Bench, Fault } from "./fault";
import { healDeeply } from "./heal";
import { Objects } from "./objects";

const killed = "SIGKILL to the server's process through containerd, again whenever it was back";
const server = "minio";

/**
 * Waits until every drive gets its shard of each new object: a server that was away rejoins the others some time after
 * it is ready.
 */
async function allDrivesIn({ root, platform }: Bench, objects: Objects): Promise<void> {
  await waitFor("every drive to take shards", 300, async () => {
    const name = await objects.put(1);
    const takes = (drive: Drive) =>
      [...shards(drive, objects.bucket).keys()].some((shard) => shard.startsWith(`${objects.bucket}/${name}/`));
    return drives(root, platform.settings.namespaces.minio).every(takes) ? true : undefined;
  });
}

/** Our own objects in a separate bucket, read back at the end with their hashes. */
async function withObjects(bench: Bench, work: (objects: Objects) => Promise<void>): Promise<void> {
  const { platform, replicas, note, over } = bench;
  await platform.asRoot(async ({ client }) =>
    Objects.within(client, `faults-${Date.now().toString(36)}`, async (objects) => {
      await allDrivesIn(bench, objects);
      await objects.put(20);
      await work(objects);
      over();
      await replicas.allReady(180);
      const damaged = await objects.damaged();
      note(
        `objects: ${objects.hashes.size} acknowledged, ${objects.refused} refused, ${damaged.length} with another hash`,
      );
      if (damaged.length > 0) throw new Error(`objects read back with other content: ${damaged.join(", ")}`);
    }),
  );
}

/** Chooses the last servers, because the tunnel of these tests goes to the first ready one. */
async function lose({ replicas, processes }: Bench, count: number, seconds: number): Promise<void> {
  const pods = await replicas.podsOf("minio");
  await processes.holdDown(pods.slice(-count), seconds, server);
}

/** The third server's first drive. */
function chosen({ root, platform }: Bench): Drive {
  const found = drives(root, platform.settings.namespaces.minio).find(({ claim }) => claim === "export-0-minio-2");
  if (found === undefined) throw new Error("MinIO's third server has no drive");
  return found;
}

/** Faults of the object store: 4 servers of 2 drives, one erasure set of 8 with 4 parity shards. */
export const minioFaults: readonly Fault[] = [
  {
    name: "minio-server",
    size: "short",
    what: () => "1 of 4 MinIO servers lost",
    how: killed,
    load: "push",
    pushes: "none refused",
    reads: true,
    alerts: { fire: ["LogharborMinioServerOffline", "LogharborMinioDriveOffline"] },
    run: async (bench) =>
      withObjects(bench, async (objects) => {
        const lost = lose(bench, 1, bench.short ? 20 : 120);
        await sleep(5_000);
        await Promise.all([objects.put(20), bench.platform.flush()]);
        if (objects.refused > 0) throw new Error(`${objects.refused} objects refused, ${objects.hashes.size} accepted`);
        await lost;
      }),
  },
  {
    name: "minio-servers",
    size: { fullOnly: "waits two minutes for the server that the previous row killed" },
    what: () => "2 of 4 MinIO servers lost",
    how: killed,
    load: "push",
    // Loki keeps what it can't write.
    pushes: "none refused",
    reads: true,
    alerts: {
      fire: ["LogharborMinioServerOffline", "LogharborMinioDriveOffline", "LogharborMinioUnhealthy"],
      mayFire: ["LogharborFlushFailures"],
    },
    run: async (bench) =>
      withObjects(bench, async (objects) => {
        await bench.platform.flush();
        const lost = lose(bench, 2, bench.short ? 20 : 120);
        await sleep(5_000);
        const damaged = await objects.damaged();
        if (damaged.length > 0) throw new Error(`${damaged.length} objects not read with half of the servers`);
        bench.note(`all ${objects.hashes.size} objects read with half of the servers`);
        await objects.put(1);
        await lost;
      }),
  },
  {
    name: "drive",
    size: { fullOnly: "parity guards it just like a server, and the server's row kills one" },
    what: () => "a drive wiped, then healed",
    how: "all files of one volume removed while its server runs; MinIO finds it empty and heals by itself",
    load: "push",
    pushes: "none refused",
    reads: true,
    run: async (bench) =>
      withObjects(bench, async (objects) => {
        const drive = chosen(bench);
        const before = shards(drive, objects.bucket);
        if (before.size === 0) throw new Error(`${drive.claim} holds no shard of the objects`);
        const began = Date.now();
        wipe(drive);
        const damaged = await objects.damaged();
        if (damaged.length > 0) throw new Error(`${damaged.length} objects not read without the drive`);
        await waitFor(
          "the drive's shards",
          240,
          () => Promise.resolve(changes(before, shards(drive, objects.bucket)).length === 0 ? true : undefined),
          1_000,
        );
        bench.note(
          `${before.size} shards back, each with its hash, ${Math.round((Date.now() - began) / 1000)} s after the wipe`,
        );
      }),
  },
  {
    name: "bytes",
    size: { fullOnly: "tests MinIO's own checksums; no line is at risk" },
    what: () => "bytes of a drive flipped, then healed",
    how: "one byte turned in each shard that a volume holds of 20 objects, while its server runs; then a deep heal",
    load: "push",
    pushes: "none refused",
    reads: true,
    run: async (bench) =>
      withObjects(bench, async (objects) => {
        const drive = chosen(bench);
        const before = shards(drive, objects.bucket);
        if (before.size === 0) throw new Error(`${drive.claim} holds no shard of the objects`);
        before.forEach((_, shard) => flipByte(drive, shard));
        const flipped = changes(before, shards(drive, objects.bucket)).length;
        const damaged = await objects.damaged();
        if (damaged.length > 0) throw new Error(`${damaged.length} objects served with flipped bytes`);
        await healDeeply(objects.client, objects.bucket);
        await waitFor(
          "the shards as they were",
          120,
          () => Promise.resolve(changes(before, shards(drive, objects.bucket)).length === 0 ? true : undefined),
          1_000,
        );
        bench.note(
          `${flipped} shards flipped, every object served right meanwhile, all ${before.size} shards as before after the heal`,
        );
      }),
  },
  {
    name: "minio-away",
    size: { fullOnly: "Loki keeps lines on its own volumes; the row of the lost server guards what is stored" },
    what: () => "all of MinIO away for 2 minutes",
    how: "every server scaled to 0 while Loki flushes, then back",
    load: "push",
    // Loki keeps what it can't write.
    pushes: "none refused",
    alerts: { fire: ["LogharborMinioDown", "LogharborFlushFailures"], mayFire: ["LogharborLokiRequestErrors"] },
    run: async ({ replicas, platform }) => {
      await replicas.remove("minio");
      await platform.flush();
      await sleep(120_000);
      await replicas.restore("minio");
    },
  },
];

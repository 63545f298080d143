import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runInside } from "../../../local/cluster/init";
import type { Workload } from "../../support/cluster";
import type { Platform } from "../../support/platform";
import { testNode } from "../../support/testPlatform";

/** Folder of the node with a folder for each volume. */
const volumes = "/var/lib/volumes";

/**
 * Runs a workload of one pod on a copy of its volume that is nearly full: a small file system in memory, in the place
 * of the volume's folder. What is written meanwhile is lost; what was there before is not touched.
 */
export async function onSmallVolume(
  p: Platform,
  workload: Workload,
  { sizeMiB, freeMiB }: { sizeMiB: number; freeMiB: number },
  work: () => Promise<void>,
): Promise<void> {
  const name = readdirSync(join(testNode.root, volumes)).find((folder) =>
    new RegExp(`^pvc-[^_]+_${workload.namespace}_(storage-)?${workload.name}(-0)?$`).test(folder),
  );
  if (name === undefined) throw new Error(`${workload.name} has no volume on the node`);
  const folder = `${volumes}/${name}`;
  const inNode = async (script: string) => runInside(testNode, ["sh", "-ec", script]);
  await p.cluster.scale(workload, 0);
  try {
    await inNode(`mkdir -p /tmp/small && mount -t tmpfs -o size=${sizeMiB}m,mode=0777 tmpfs /tmp/small
cp -a ${folder}/. /tmp/small/
mount --move /tmp/small ${folder} 2>/dev/null || { mount --bind /tmp/small ${folder}; umount -l /tmp/small; }
free=$(df -m --output=avail ${folder} | tail -1)
head -c $((free - ${freeMiB}))M /dev/zero > ${folder}/filler`);
    await p.cluster.scale(workload, workload.replicas);
    await work();
  } finally {
    await p.cluster.scale(workload, 0);
    await inNode(`umount ${folder}`);
    await p.cluster.scale(workload, workload.replicas);
  }
}

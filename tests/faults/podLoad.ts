import type { Load } from "../e2e/support/load";
import { limitFile, writerScript } from "../e2e/support/oracle";
import type { Platform } from "../e2e/support/platform";

const writers = 2;
const linesPerSecond = 100;

/** Ten times a second: 16 KiB that belong to no count, so that the kubelet rotates the log about once a minute. */
const bulk = 'n=0; while [ $n -lt 4 ]; do n=$((n+1)); echo "$bulk"; done';
const makeBulk = "bulk=$(head -c 4090 /dev/zero | tr '\\0' x)\n";

/** Starts pods that write numbered lines until they are told to end. */
export async function startPods(platform: Platform, name: string, rotated: boolean): Promise<Load> {
  const run = { id: `${name.replace(/\W/g, "")}${Date.now().toString(36)}`, writers, count: Infinity };
  const namespace = `faults-${name}`;
  const began = new Date(Date.now() - 5_000);
  await platform.cluster.createNamespace(namespace);
  const script = (writer: number) => (rotated ? makeBulk : "") + writerScript(run, writer, linesPerSecond, rotated ? bulk : "");
  await platform.cluster.runShells(namespace, Array.from({ length: writers }, (_, writer) => ({ name: `writer-${writer}`, app: "writer", script: script(writer) })));
  return { run, namespace, began };
}

/** Has all pods of a load end at the same line, a little later than now. */
export async function endPods({ cluster }: Platform, load: Load): Promise<void> {
  const { run, namespace } = load;
  const pods = Array.from({ length: run.writers }, (_, writer) => `writer-${writer}`);
  const reached = await Promise.all(
    pods.map(async (name) => {
      const text = await cluster.core.readNamespacedPodLog({ namespace, name, tailLines: 200 });
      return Math.max(...[...text.matchAll(/ seq=(\d+) /g)].map(([, sequence]) => Number(sequence)));
    }),
  );
  run.count = Math.max(...reached) + 5 * linesPerSecond;
  await Promise.all(pods.map(async (name) => cluster.inShell(namespace, name, `echo ${run.count} > ${limitFile}.new && mv ${limitFile}.new ${limitFile}`)));
}

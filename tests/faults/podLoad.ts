import { queryRange } from "../../automation/query";
import type { Load } from "../e2e/support/load";
import { limitFile, writerScript } from "../e2e/support/oracle";
import type { Platform } from "../e2e/support/platform";
import { waitFor } from "../e2e/support/wait";

const writers = 2;
const linesPerSecond = 100;

/** While it is there a writer fills its log. */
const fillFile = "/tmp/fill";
/** Ten times a second: 16 KiB that belong to no count, so that the kubelet rotates the log after about a minute. */
const fill = `if [ -e ${fillFile} ]; then n=0; while [ $n -lt 4 ]; do n=$((n+1)); echo "$bulk"; done; fi`;
const makeBulk = "bulk=$(head -c 4090 /dev/zero | tr '\\0' x)\n";

export const namespaceOf = (fault: string) => `faults-${fault}`;
const pods = Array.from({ length: writers }, (_, writer) => `writer-${writer}`);

/** Starts pods that write numbered lines until they are told to end, and returns when a line of each is in Loki: from then on Alloy has their files open. */
export async function startPods({ cluster, loki }: Platform, fault: string): Promise<Load> {
  const run = { id: `${fault.replace(/\W/g, "")}${Date.now().toString(36)}`, writers, count: Infinity };
  const namespace = namespaceOf(fault);
  const began = new Date(Date.now() - 5_000);
  await cluster.createNamespace(namespace);
  await cluster.runShells(namespace, pods.map((name, writer) => ({ name, app: "writer", script: makeBulk + writerScript(run, writer, linesPerSecond, fill) })));
  await Promise.all(
    pods.map(async (name, writer) =>
      waitFor(`a line of ${name}`, 120, async () => {
        const [line] = await queryRange(loki, { query: `{namespace="${namespace}"} |= "run=${run.id} writer=${writer} "`, start: began, limit: 1 });
        return line;
      }),
    ),
  );
  return { run, namespace, began };
}

/** Has the writers of a fault's load fill their logs beside their lines, or stop that. */
export async function fillLogs({ cluster }: Platform, fault: string, on: boolean): Promise<void> {
  await Promise.all(pods.map(async (name) => cluster.inShell(namespaceOf(fault), name, on ? `touch ${fillFile}` : `rm -f ${fillFile}`)));
}

/** Has all pods of a load end at the same line, a little later than now. */
export async function endPods({ cluster }: Platform, load: Load): Promise<void> {
  const { run, namespace } = load;
  const reached = await Promise.all(
    pods.map(async (name) => {
      const text = await cluster.core.readNamespacedPodLog({ namespace, name, tailLines: 200 });
      return Math.max(...[...text.matchAll(/ seq=(\d+) /g)].map(([, sequence]) => Number(sequence)));
    }),
  );
  run.count = Math.max(...reached) + 5 * linesPerSecond;
  await Promise.all(pods.map(async (name) => cluster.inShell(namespace, name, `echo ${run.count} > ${limitFile}.new && mv ${limitFile}.new ${limitFile}`)));
}

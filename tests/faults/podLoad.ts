import { startLoad, writers, type Load } from "../support/load";
import type { Platform } from "../support/platform";

/** While this file exists, a writer fills its log. */
const fillFile = "/tmp/fill";
/**
 * Ten times a second: 40 KiB that nobody counts. The kubelet checks every 10 s. It rotates the log of 10 MiB after
 * about half a minute, and does not rotate again before the fault has noticed.
 */
const fill = `if [ -e ${fillFile} ]; then n=0; while [ $n -lt 10 ]; do n=$((n+1)); echo "$bulk"; done; fi`;
const makeBulk = "bulk=$(head -c 4090 /dev/zero | tr '\\0' x)";

export const namespaceOf = (fault: string) => `faults-${fault}`;

/** Starts the load of a fault: pods that write numbered lines, and fill their logs on request. */
export async function startPods(platform: Platform, fault: string): Promise<Load> {
  return startLoad(platform, fault, namespaceOf(fault), { before: makeBulk, each: fill });
}

/** Makes the writers of a fault's load fill their logs in addition to their lines, or stops that. */
export async function fillLogs({ cluster }: Platform, fault: string, on: boolean): Promise<void> {
  await Promise.all(
    writers.map(async (name) =>
      cluster.inShell(namespaceOf(fault), name, on ? `touch ${fillFile}` : `rm -f ${fillFile}`),
    ),
  );
}

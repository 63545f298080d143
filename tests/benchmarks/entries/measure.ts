import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AlloyProcess, criLine } from "../../support/alloyProcess";
import type { KnownPod } from "../../support/apiServerDouble";
import { listening } from "../../support/forwardProxy";
import type { Variant } from "./variants";

/** What one variant took. */
export interface Cost {
  name: string;
  /** Processor time for each line in each round, in microseconds. */
  microseconds: number[];
}

const pod: KnownPod = { namespace: "shop", name: "web-0", uid: "uid-0", labels: { app: "web" } };
/** Alloy has sent everything if nothing more comes for so long; a joined entry waits 5 s for its end. */
const quietMs = 7_000;
const lookMs = 500;

/**
 * Measures each variant once in every round, so that all of them see the machine in the same states: the processor time
 * of a real Alloy that reads the lines from a pod's log, and sends them to a double of Loki that takes everything.
 * @param report is told how far it is
 */
export async function measure(
  variants: readonly Variant[],
  { lines, rounds }: { lines: readonly string[]; rounds: number },
  report: (text: string) => void,
): Promise<Cost[]> {
  const log = lines.map((line) => criLine(line, "2026-11-26T06:00:00.000000000Z")).join("");
  const costs = variants.map(({ name }): Cost => ({ name, microseconds: [] }));
  const loki = createServer((request, response) => request.resume().on("end", () => response.writeHead(204).end()));
  const lokiUrl = `http://127.0.0.1:${await listening(loki)}`;
  try {
    for (let round = 1; round <= rounds; round += 1)
      for (const [index, variant] of variants.entries()) {
        const used = await processorMs(variant, { log, lines: lines.length, lokiUrl });
        costs[index]!.microseconds.push((used / lines.length) * 1000);
        report(`round ${round} of ${rounds}: ${variant.name}: ${((used / lines.length) * 1000).toFixed(1)} µs a line`);
      }
  } finally {
    close(loki);
  }
  return costs;
}

/** Processor time that Alloy takes for the log, without that of an idle Alloy, in milliseconds. */
async function processorMs(
  { alloy }: Variant,
  { log, lines, lokiUrl }: { log: string; lines: number; lokiUrl: string },
): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "bench-entries-"));
  const running = await AlloyProcess.start({ dir, lokiUrl, pods: [pod], alloy });
  try {
    const [began, idleFrom] = [Date.now(), running.processorMs];
    await sleep(3_000);
    const idle = (running.processorMs - idleFrom) / (Date.now() - began);
    const folder = join(dir, "pods", `${pod.namespace}_${pod.name}_${pod.uid}`, "app");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(dir, "log"), Buffer.from(log, "latin1"));
    const [start, before] = [Date.now(), running.processorMs];
    renameSync(join(dir, "log"), join(folder, "0.log"));
    for (let last = { sent: 0, at: start, used: 0 }; ; await sleep(lookMs)) {
      const sent = await running.metric("loki_write_sent_entries_total");
      if (sent > last.sent) last = { sent, at: Date.now(), used: running.processorMs - before };
      const read = await running.metric("loki_source_file_read_lines_total");
      if (read === lines && Date.now() - last.at > quietMs) return last.used - idle * (last.at - start);
      if (Date.now() - start > 600_000)
        throw new Error(`Alloy has read only ${read} of ${lines} lines in ten minutes.`);
    }
  } finally {
    await running.stop("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  }
}

function close(server: Server): void {
  server.closeAllConnections();
  server.close();
}

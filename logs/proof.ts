import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../domain/problem";
import { queryRange, type LokiAccess } from "./query";

/** A line that went the whole way. */
export interface Proof {
  /** The pod that wrote it. */
  pod: string;
  /** Seconds from its writing until it could be read. */
  seconds: number;
}

/**
 * Proves that lines of pods come through: a pod writes a line, Alloy collects it, Loki returns it. The line is Loki's
 * own: Loki logs the text of each query, so a query with a word that nobody else uses is all it takes, and no pod or
 * image besides those of the stack. It says nothing of MinIO, where Loki stores a chunk hours later.
 * @param namespace Loki's, which Alloy must collect
 * @param wait how long, in seconds (default 120), and between two looks, in milliseconds (default 1000)
 * @throws OperatorError if no line comes back in time.
 */
export async function proveDelivery(
  loki: LokiAccess,
  namespace: string,
  { timeoutSeconds = 120, pollMs = 1000 } = {},
): Promise<Proof> {
  const query = `{namespace="${namespace}"} |= "logharbor-proof-${randomBytes(6).toString("hex")}"`;
  const start = new Date();
  for (const end = Date.now() + timeoutSeconds * 1000; Date.now() < end; await sleep(pollMs)) {
    const [first] = await queryRange(loki, { query, start, limit: 1, direction: "forward" });
    if (first === undefined) continue;
    const written = Number(BigInt(first.timestampNs) / 1_000_000n);
    return { pod: first.metadata.pod ?? first.labels.pod ?? "", seconds: Math.max(0, Date.now() - written) / 1000 };
  }
  throw new OperatorError(`The stack is up, but no line of Loki's pods came back within ${timeoutSeconds} s.`, [
    "find what is wrong: npm run doctor",
    "--no-verify skips this check",
  ]);
}

import { alloyFaults } from "./alloyFaults";
import type { Fault } from "./fault";
import { lokiFaults } from "./lokiFaults";
import { minioFaults } from "./minioFaults";
import { operationFaults } from "./operationFaults";

/**
 * A MinIO server that was away accepts shards again only after about two minutes. Other faults run between those of
 * MinIO, so that this time passes.
 */
const [serverLost, serversLost, ...drives] = minioFaults;
const [first, second, third, ...more] = lokiFaults;

/** Every fault, in the order in which they run. */
export const faults: readonly Fault[] = [
  first,
  serverLost,
  second,
  third,
  serversLost,
  ...more,
  ...drives,
  ...alloyFaults,
  ...operationFaults,
].filter((fault) => fault !== undefined);

import { alloyFaults } from "./alloyFaults";
import type { Fault } from "./fault";
import { lokiFaults } from "./lokiFaults";
import { minioFaults } from "./minioFaults";
import { operationFaults } from "./operationFaults";

/**
 * A server of MinIO that was away takes shards again after some two minutes, which the faults between those of MinIO
 * pass.
 */
const [serverLost, serversLost, ...drives] = minioFaults;
const [first, second, third, ...more] = lokiFaults;

/** Every fault, in the order in which they are done. */
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

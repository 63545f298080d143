import { alloyFaults } from "./alloyFaults";
import type { Fault } from "./fault";
import { lokiFaults } from "./lokiFaults";
import { minioFaults } from "./minioFaults";
import { operationFaults } from "./operationFaults";

/** Every fault, in the order in which they are done. */
export const faults: readonly Fault[] = [...lokiFaults, ...minioFaults, ...alloyFaults, ...operationFaults];

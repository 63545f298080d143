export { driftOf } from "./gather/deployed";
export type { DriftReport, DriftedObject } from "./report";
export { mendingUp } from "./up";

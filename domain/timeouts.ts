/*
 * How long each hop on the way of a query waits, in seconds. Loki itself must end a slow query, because only its answer
 * says why. So every hop around it waits longer than the query may take.
 */

/** Loki's HTTP server, for a request or its answer. It also takes pushes, hence at least ten minutes. */
export function serverSeconds(querySeconds: number): number {
  return Math.max(600, 2 * querySeconds);
}

/** The gateway, between two reads from Loki. A live tail of a quiet stream is such a wait, too. */
export function gatewaySeconds(querySeconds: number): number {
  return serverSeconds(querySeconds) + 10;
}

/** A client inside the cluster: Grafana. */
export function clientSeconds(querySeconds: number): number {
  return querySeconds + 30;
}

/** What leads in from outside of the cluster, in front of a hop that waits this long. */
export function entrySeconds(behind: number): number {
  return behind + 10;
}

import type { Settings } from "../config/settings";
import { topologies, type Topology } from "../domain/topologies";
import { speaksTls } from "./tls";

/**
 * The topology of the settings, with their replicas. Every topology gets a gateway if a client has to log in or to use
 * TLS. Pure.
 */
export function topologyOf({ gateway, loki, tls, topology }: Settings): Topology {
  const named = topologies[topology];
  const needsGateway = gateway.authentication === "basic" || speaksTls(tls);
  return {
    ...named,
    replicas: {
      ...named.replicas,
      gateway: Math.max(named.replicas.gateway, needsGateway ? 1 : 0),
      ...loki.replicas,
    },
    replicationFactor: loki.replicationFactor ?? named.replicationFactor,
  };
}

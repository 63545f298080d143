import { ports } from "../../domain/names";
import { hasPeers } from "../../domain/topologies";
import type { Values } from "../pod";
import type { LokiSpec } from "./spec";

/** What makes the gateway ask another pod when one does not answer, in the chart's words. */
export interface Retries {
  /** Where it forwards requests to, if not to the chart's Services. */
  urls: Values;
  httpSnippets: readonly string[];
  serverSnippets: readonly string[];
}

/**
 * If a pod does not answer, the gateway sends the request to the next pod. It does the same if a pod refuses because it
 * has just come back and does not know the others yet ("empty ring"). A push may be repeated, because Loki keeps each
 * line once. A query that took too long (504) is not repeated.
 *
 * It takes a headless Service to know every pod: any other has one address. The chart lets the separate targets have
 * one, but sends everything for a single process to its ordinary Service. So what fails there goes through the headless
 * one a second time.
 * @param locationSnippet directives of each location. Default: none
 */
export function retriesOf(spec: LokiSpec, locationSnippet?: string): Retries {
  if (spec.topology.deploymentMode === "SimpleScalable") {
    return {
      urls: {
        customWriteUrl: headless(spec, "loki-write"),
        customReadUrl: headless(spec, "loki-read"),
        customBackendUrl: headless(spec, "loki-backend"),
      },
      httpSnippets: [nextPod],
      serverSnippets: [],
    };
  }
  if (!hasPeers(spec.topology)) return { urls: {}, httpSnippets: [], serverSnippets: [] };
  return {
    urls: {},
    httpSnippets: [nextPod],
    serverSnippets: [
      `proxy_intercept_errors on;
error_page 500 502 503 = @again;
location @again {
  proxy_intercept_errors off;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $http_connection;${locationSnippet === undefined ? "" : `\n  ${locationSnippet}`}
  set $backend "${headless(spec, "loki")}";
  proxy_pass $backend$request_uri;
}`,
    ],
  };
}

const nextPod = "proxy_next_upstream error timeout http_500 http_502 http_503 non_idempotent;";

function headless({ clusterDomain, namespace }: LokiSpec, service: string): string {
  return `http://${service}-headless.${namespace}.svc.${clusterDomain}:${ports.lokiHttp}`;
}

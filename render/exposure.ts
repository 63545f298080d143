import type { Settings } from "../config/settings";
import { ports } from "../domain/names";
import { clientSeconds, entrySeconds, gatewaySeconds } from "../domain/timeouts";
import { pathOf } from "../domain/url";
import type { Values } from "./pod";
import { speaksTls } from "./tls";

type Entry = Settings["exposure"]["grafana"];

/** A way in from outside of the cluster to one of the platform's Services. */
export interface ExposureSpec extends Omit<Entry, "kind"> {
  /** Object that leads in. */
  kind: Exclude<Entry["kind"], "none">;
  /** Host name that it takes. */
  host: string;
  /** Path below which it takes requests. It passes the path on as it is. */
  path: string;
  /** Service in the same namespace, and its port. */
  service: { name: string; port: number };
  /** Seconds that a request may take, where the object can tell: only a route can. */
  waitSeconds: number;
}

/** How Grafana is exposed: at the host and path of its address. Undefined if it is not. */
export function grafanaExposure({ exposure, grafana, loki }: Settings): ExposureSpec | undefined {
  const { kind, ...entry } = exposure.grafana;
  if (kind === "none" || grafana.url === undefined) return undefined;
  return {
    ...entry,
    kind,
    host: new URL(grafana.url).hostname,
    path: pathOf(grafana.url) || "/",
    service: { name: "grafana", port: ports.grafana },
    waitSeconds: entrySeconds(clientSeconds(loki.query.timeoutSeconds)),
  };
}

/** How Loki's gateway is exposed. Undefined if it is not. */
export function gatewayExposure({ exposure, loki, tls }: Settings): ExposureSpec | undefined {
  const { host, kind, ...entry } = exposure.gateway;
  if (kind === "none" || host === undefined) return undefined;
  return {
    ...entry,
    kind,
    host,
    path: "/",
    service: { name: "loki-gateway", port: speaksTls(tls) ? ports.gatewayTls : ports.gateway },
    waitSeconds: entrySeconds(gatewaySeconds(loki.query.timeoutSeconds)),
  };
}

/** An object that leads in, without its metadata. */
export interface WayIn {
  apiVersion: string;
  kind: "Ingress" | "HTTPRoute";
  annotations: Record<string, string>;
  spec: Values;
}

/** The Ingress (networking.k8s.io/v1) or the HTTPRoute (gateway.networking.k8s.io/v1) of a way in. Pure. */
export function wayIn(spec: ExposureSpec): WayIn {
  return spec.kind === "ingress" ? ingressOf(spec) : routeOf(spec);
}

function ingressOf({ annotations, className, host, issuer, path, service, tlsSecret }: ExposureSpec): WayIn {
  const { name, port } = service;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    annotations: {
      ...annotations,
      ...(issuer === undefined ? {} : { "cert-manager.io/cluster-issuer": issuer }),
      // Some controllers never write an address into the status, for which Pulumi would wait.
      "pulumi.com/skipAwait": "true",
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      // Without a Secret, the controller finds its certificate by the host.
      tls: [{ hosts: [host], ...(tlsSecret === undefined ? {} : { secretName: tlsSecret }) }],
      rules: [
        {
          host,
          http: { paths: [{ path, pathType: "Prefix", backend: { service: { name, port: { number: port } } } }] },
        },
      ],
    },
  };
}

function routeOf({ annotations, host, parent, path, service, waitSeconds }: ExposureSpec): WayIn {
  const { name, namespace, section } = parent!;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    annotations,
    spec: {
      parentRefs: [
        {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...(section === undefined ? {} : { sectionName: section }),
        },
      ],
      hostnames: [host],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: path } }],
          backendRefs: [service],
          // Some implementations otherwise end a request after 15 s.
          timeouts: { request: `${waitSeconds}s` },
        },
      ],
    },
  };
}

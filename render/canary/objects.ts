import { canaryName, gatewayVariables, ports, secretNames } from "../../domain/names";
import { scrapeAnnotations } from "../monitoring/scrapes";
import { ownContainer, ownPod, type Labels, type Values } from "../pod";
import { onAbleNodes } from "../alloy/nodes";
import { generationAnnotations } from "../rotation";
import { authorityPath, speaksTls, trustOf } from "../tls";
import type { CanarySpec } from "./spec";

/*
 * Loki's own canary. It writes to its standard output, so its lines take the way of every pod's: kubelet, Alloy, Loki.
 * It reads them back by live tail, and asks Loki for those that the tail did not bring.
 */

/** Labels by which Service, policies and doctor find its pods. */
export const canaryLabels: Labels = { "app.kubernetes.io/name": canaryName };

/** Seconds between two lines of one canary. Loki's canary asks for at most 1,000 missing lines at once. */
export const lineSeconds = 10;
/** Bytes of one line, with its line break. */
export const lineBytes = 100;
/** Seconds after which a line that the live tail did not bring counts as late. */
export const lateSeconds = 60;
/** Minutes after which a line that Loki does not have counts as missing. While Loki does not answer, none does. */
export const missingMinutes = 10;

/**
 * A line as it was written: its time in nanoseconds, which is its number, and padding. A line that was altered on its
 * way does not match, so the canary misses it. What the canary says to its standard error does not match either.
 */
export const writtenLine = `^[0-9]{19} p{${lineBytes - 21}}$`;

/** Never, within the life of a pod. */
const never = "87600h";

/** Any user but root: the image names none. */
const user = 65534;

/** `spec` of its Service, which is what a ServiceMonitor needs. */
export const canaryService = {
  clusterIP: "None",
  selector: canaryLabels,
  ports: [{ name: "http-metrics", port: ports.canary, targetPort: ports.canary }],
};

/** `spec` of its DaemonSet. */
export function canaryDaemonSet(spec: CanarySpec, podLabels: Labels): Values & { selector: Values; template: Values } {
  const { login, loginGeneration } = spec;
  const trust = trustOf(spec);
  const annotations = {
    ...spec.podAnnotations,
    ...(login ? generationAnnotations("gateway", loginGeneration) : {}),
    ...(spec.scrapeAnnotations ? scrapeAnnotations("canary") : {}),
  };
  return {
    selector: { matchLabels: canaryLabels },
    template: {
      metadata: {
        labels: { ...spec.podLabels, ...canaryLabels, ...podLabels },
        // The API server drops an empty group, so every `up` would show a difference.
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      spec: {
        automountServiceAccountToken: false,
        ...ownPod(user, spec),
        // On every node that Alloy collects from.
        ...onAbleNodes(spec),
        containers: [
          {
            name: "canary",
            ...ownContainer(spec),
            args: canaryArgs(spec),
            env: [field("NODE_NAME", "spec.nodeName"), field("POD_NAME", "metadata.name")],
            ...(login ? { envFrom: [{ secretRef: { name: secretNames.gatewayLogin } }] } : {}),
            ports: [{ name: "http-metrics", containerPort: ports.canary }],
            readinessProbe: { httpGet: { path: "/metrics", port: "http-metrics" } },
            ...(trust.mounts.length === 0 ? {} : { volumeMounts: trust.mounts }),
          },
        ],
        ...(trust.volumes.length === 0 ? {} : { volumes: trust.volumes }),
      },
    },
  };
}

/** Kubernetes replaces `$(NAME)` by the variable of the container. */
function canaryArgs(spec: CanarySpec): string[] {
  const { host } = new URL(spec.lokiUrl);
  const flags = {
    addr: /:\d+$/.test(host) ? host : `${host}:${speaksTls(spec) ? 443 : 80}`,
    "tenant-id": spec.tenant,
    ...(spec.login ? { user: `$(${gatewayVariables.user})`, pass: `$(${gatewayVariables.password})` } : {}),
    ...(speaksTls(spec) ? { tls: true, "ca-file": authorityPath } : {}),
    port: ports.canary,
    // The index label of its node first; another canary's lines must not be among its own.
    labelname: "node",
    labelvalue: "$(NODE_NAME)",
    streamname: "app",
    streamvalue: canaryName,
    "query-append": `|~ \`${writtenLine}\` | pod="$(POD_NAME)"`,
    size: lineBytes,
    interval: `${lineSeconds}s`,
    wait: `${lateSeconds}s`,
    "max-wait": `${missingMinutes}m`,
    // Every two hours it keeps a line in mind, and looks for it again for half a day: by then it is in MinIO.
    "spot-check-interval": "2h",
    "spot-check-max": "12h",
    "spot-check-query-rate": "15m",
    "spot-check-initial-wait": `${missingMinutes}m`,
    // These two count lines by a query of their own, without `query-append`, and would count others' lines too.
    "metric-test-interval": never,
    "cache-test-interval": never,
  };
  return Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
}

function field(name: string, fieldPath: string): Values {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

import { eventsName, ports, secretNames } from "../../domain/names";
import { alloyUser, storagePath } from "../alloy/values";
import type { Rule } from "../alloy/rights";
import { checksum } from "../checksum";
import { scrapeAnnotations } from "../monitoring/scrapes";
import { placementValues } from "../placement";
import { ownContainer, ownPod, type Labels, type Values } from "../pod";
import { generationAnnotations } from "../rotation";
import { trustOf } from "../tls";
import { eventsPipeline } from "./pipeline";
import type { EventsSpec } from "./spec";

/** Labels by which Service, policies and doctor find its pod. */
export const eventsLabels: Labels = { "app.kubernetes.io/name": eventsName };

const configPath = "/etc/alloy";
const configFile = "config.alloy";

/** `data` of its ConfigMap. */
export function eventsData(spec: EventsSpec): Record<string, string> {
  return { [configFile]: eventsPipeline(spec) };
}

/** What it may read in the cluster: events, and the Service of the API server, which shows that the API answers. */
export const eventsRights: Rule[] = [
  { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["services"], resourceNames: ["kubernetes"], verbs: ["get", "list", "watch"] },
];

/** `spec` of its Service, which is what a ServiceMonitor needs. */
export const eventsService = {
  clusterIP: "None",
  selector: eventsLabels,
  ports: [{ name: "http-metrics", port: ports.alloy, targetPort: ports.alloy }],
};

/**
 * `spec` of the claim of its volume. On it is the time of the last event that was read, a line of text, so the smallest
 * size that clouds offer is enough.
 */
export function eventsClaim({ storageClass }: EventsSpec): Values {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage: "1Gi" } },
  };
}

/** `spec` of its Deployment. */
export function eventsDeployment(spec: EventsSpec, podLabels: Labels): Values & { selector: Values; template: Values } {
  const { envFromSecrets, ipFamilies, login, loginGeneration } = spec;
  const trust = trustOf(spec);
  const secrets = [...(login ? [secretNames.gatewayLogin] : []), ...envFromSecrets];
  return {
    replicas: 1,
    // Two readers would send each event twice. And a volume may be on one node only.
    strategy: { type: "Recreate" },
    selector: { matchLabels: eventsLabels },
    template: {
      metadata: {
        labels: { ...spec.podLabels, ...eventsLabels, ...podLabels },
        annotations: {
          ...spec.podAnnotations,
          "checksum/config": checksum(eventsPipeline(spec)),
          ...(login ? generationAnnotations("gateway", loginGeneration) : {}),
          ...(spec.scrapeAnnotations ? scrapeAnnotations("events") : {}),
        },
      },
      spec: {
        serviceAccountName: eventsName,
        ...ownPod(alloyUser, spec),
        ...placementValues({
          ...spec,
          // Unlike Alloy, it must leave a node that is away. A toleration of every taint would keep it there.
          tolerations: spec.tolerations.filter(({ key }) => key !== undefined),
        }),
        containers: [
          {
            name: "alloy",
            ...ownContainer(spec),
            args: [
              "run",
              `${configPath}/${configFile}`,
              `--storage.path=${storagePath}`,
              `--server.http.listen-addr=${ipFamilies.includes("IPv6") ? "[::]" : "0.0.0.0"}:${ports.alloy}`,
              "--disable-reporting",
            ],
            ...(secrets.length === 0 ? {} : { envFrom: secrets.map((name) => ({ secretRef: { name } })) }),
            ports: [{ name: "http-metrics", containerPort: ports.alloy }],
            readinessProbe: { httpGet: { path: "/-/ready", port: "http-metrics" } },
            volumeMounts: [
              { name: "config", mountPath: configPath },
              { name: "position", mountPath: storagePath },
              ...trust.mounts,
            ],
          },
        ],
        volumes: [
          { name: "config", configMap: { name: eventsName } },
          { name: "position", persistentVolumeClaim: { claimName: eventsName } },
          ...trust.volumes,
        ],
      },
    },
  };
}

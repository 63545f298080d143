import { checksum } from "../checksum";
import { alertmanagerName, ports } from "../../domain/names";
import type { Marks } from "../ownership";
import { ownContainer, ownPod, podAddress, type Labels, type Values } from "../pod";
import { placementValues } from "../placement";
import { spreadSpec } from "../spread";
import { replicaHosts } from "./addresses";
import { alertmanagerConfigText, secretsPath } from "./config";
import type { AlertmanagerSpec } from "./spec";

/** Labels by which Services and policies find the pods. */
export const selectorLabels: Labels = { "app.kubernetes.io/name": alertmanagerName };

const configPath = "/etc/alertmanager/config";
const configFile = "alertmanager.yaml";
const dataPath = "/alertmanager";
/** The user of Alertmanager's image. */
const user = 65534;

/** `data` of its ConfigMap. */
export function alertmanagerData(spec: AlertmanagerSpec): Record<string, string> {
  return { [configFile]: alertmanagerConfigText(spec) };
}

/** `spec` of its Service, which gives each replica a name. */
export const alertmanagerService = {
  clusterIP: "None",
  // The replicas find each other before they are ready.
  publishNotReadyAddresses: true,
  selector: selectorLabels,
  ports: [{ name: "http", port: ports.alertmanager, targetPort: ports.alertmanager }],
};

/** `spec` of its StatefulSet. The marks say of its claims whose they are. */
export function alertmanagerStatefulSet(
  spec: AlertmanagerSpec,
  podLabels: Labels,
  { annotations, labels }: Marks,
): Values & { selector: Values; template: Values } {
  const { instances, namespace, spread, storageClass, volumeSize } = spec;
  const secrets = spec.receivers.filter(({ secret }) => secret !== undefined);
  const peers = instances > 1 ? replicaHosts(instances, namespace) : [];
  return {
    replicas: instances,
    serviceName: alertmanagerName,
    podManagementPolicy: "Parallel",
    selector: { matchLabels: selectorLabels },
    // It holds no logs, so it goes with the Alertmanager.
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
    template: {
      metadata: {
        labels: { ...spec.podLabels, ...selectorLabels, ...podLabels },
        // A new configuration restarts it. What it has sent is on its volume.
        annotations: { ...spec.podAnnotations, "checksum/config": checksum(alertmanagerConfigText(spec)) },
      },
      spec: {
        automountServiceAccountToken: false,
        ...ownPod(user, spec),
        ...placementValues(spec, spreadSpec(spread, selectorLabels)),
        containers: [
          {
            name: alertmanagerName,
            ...ownContainer(spec),
            args: [
              `--config.file=${configPath}/${configFile}`,
              `--storage.path=${dataPath}`,
              `--web.listen-address=:${ports.alertmanager}`,
              ...clusterAddresses(spec),
              ...peers.map((host) => `--cluster.peer=${host}:${ports.alertmanagerGossip}`),
            ],
            ...(meetsByIpv6(spec) ? { env: [podAddress] } : {}),
            ports: [{ name: "http", containerPort: ports.alertmanager }],
            readinessProbe: { httpGet: { path: "/-/ready", port: "http" }, periodSeconds: 5 },
            livenessProbe: { httpGet: { path: "/-/healthy", port: "http" }, periodSeconds: 30, failureThreshold: 5 },
            volumeMounts: [
              { name: "config", mountPath: configPath },
              { name: "data", mountPath: dataPath },
              ...secrets.map(({ name }) => ({ name: `secret-${name}`, mountPath: `${secretsPath}/${name}` })),
            ],
          },
        ],
        volumes: [
          { name: "config", configMap: { name: alertmanagerName } },
          // Optional: without its Secret, one receiver fails, and the others still get their alerts.
          ...secrets.map(({ name, secret }) => ({
            name: `secret-${name}`,
            secret: { secretName: secret, optional: true },
          })),
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "data", annotations, labels },
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          resources: { requests: { storage: volumeSize } },
        },
      },
    ],
  };
}

/** Where replicas listen for each other. Empty switches the cluster off: one replica has nobody to talk to. */
function clusterAddresses(spec: AlertmanagerSpec): string[] {
  const port = ports.alertmanagerGossip;
  if (spec.instances === 1) return ["--cluster.listen-address="];
  // A listener on every address does not say at which one the others reach it.
  return meetsByIpv6(spec)
    ? [`--cluster.listen-address=[::]:${port}`, `--cluster.advertise-address=[$(${podAddress.name})]:${port}`]
    : [`--cluster.listen-address=0.0.0.0:${port}`];
}

function meetsByIpv6({ instances, ipFamilies }: AlertmanagerSpec): boolean {
  return instances > 1 && ipFamilies[0] === "IPv6";
}

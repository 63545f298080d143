import { gatewayVariables, secretNames } from "../../domain/names";
import type { LokiClient, PartSpec } from "../part";
import { containerResources, restrictedContainer, restrictedPod, type Labels, type Values } from "../pod";
import { authorityOnly, authorityPath, speaksTls, trustOf } from "../tls";

/** What Grafana is made from. */
export interface GrafanaSpec extends PartSpec, LokiClient {
  /** Size of the volume, a Kubernetes quantity. Default: 5Gi. */
  volumeSize: string;
  /** StorageClass of the volume. Default: the cluster's. */
  storageClass?: string;
  /** Namespaces whose logs tell whether the platform itself is well. Default: those of `dev`. */
  platform: { minio: string; loki: string; alloy: string };
}

/** ConfigMap of the dashboards, one JSON file each. */
export const dashboardsConfigMap = "grafana-dashboards";

/** Fixed, so that dashboards, alerts and links survive a new Grafana. */
export const dataSourceUid = "logharbor-loki";

/** The user of Grafana's image. */
const user = 472;

/** Values of Grafana's chart. */
export function grafanaValues(spec: GrafanaSpec, podLabels: Labels = {}): Values {
  const { login, pullSecrets, resources, storageClass, tenant, volumeSize } = spec;
  const secured = speaksTls(spec);
  const { registry, repository, tag, digest } = spec.image;
  return {
    fullnameOverride: "grafana",
    image: {
      registry,
      repository,
      tag,
      ...(digest === undefined ? {} : { sha: digest.replace("sha256:", "") }),
      pullSecrets,
    },
    // Given, since the chart would make a new random one at each render.
    admin: { existingSecret: secretNames.grafanaAdmin },
    ...(login ? { envFromSecret: secretNames.gatewayLogin } : {}),
    persistence: {
      enabled: true,
      size: volumeSize,
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // A lookup has no answer in a preview, and so would be a difference at every `up`.
      lookupVolumeName: false,
    },
    // The volume belongs to one pod at a time.
    deploymentStrategy: { type: "Recreate" },
    podLabels,
    resources: containerResources(resources),
    securityContext: restrictedPod(user),
    containerSecurityContext: restrictedContainer,
    // The chart asks for the same health as for readiness, with the database: nothing is won by starting Grafana again
    // while that is slow.
    livenessProbe: { httpGet: { path: "/healthz" } },
    extraSecretMounts: trustOf(spec).mounts.map((mount) => ({ ...mount, ...authorityOnly })),
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    // It runs as root to hand the volume over, which fsGroup does already.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    // Only the sidecars, which are off, talk to the API server.
    rbac: { create: false },
    automountServiceAccountToken: false,
    "grafana.ini": {
      analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false },
      "auth.anonymous": { enabled: false },
      users: { allow_sign_up: false },
    },
    datasources: {
      "datasources.yaml": {
        apiVersion: 1,
        datasources: [
          {
            name: "Loki",
            uid: dataSourceUid,
            type: "loki",
            access: "proxy",
            url: spec.lokiUrl,
            isDefault: true,
            editable: false,
            jsonData: {
              maxLines: 1000,
              httpHeaderName1: "X-Scope-OrgID",
              tlsAuthWithCACert: secured,
            },
            ...(login ? { basicAuth: true, basicAuthUser: tenant } : {}),
            secureJsonData: {
              httpHeaderValue1: tenant,
              ...(secured ? { tlsCACert: `$__file{${authorityPath}}` } : {}),
              ...(login ? { basicAuthPassword: `$__env{${gatewayVariables.password}}` } : {}),
            },
          },
        ],
      },
    },
    dashboardProviders: {
      "dashboardproviders.yaml": {
        apiVersion: 1,
        providers: [
          {
            name: "logharbor",
            orgId: 1,
            folder: "Logharbor",
            type: "file",
            disableDeletion: true,
            editable: false,
            options: { path: "/var/lib/grafana/dashboards/logharbor" },
          },
        ],
      },
    },
    // Not `dashboards`: for those the chart adds an init container with an image of its own.
    dashboardsConfigMaps: { logharbor: dashboardsConfigMap },
  };
}

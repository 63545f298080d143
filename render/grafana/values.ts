import { gatewayVariables, secretNames } from "../../domain/names";
import type { Generation } from "../../domain/credentials";
import type { LokiClient, PartSpec } from "../part";
import { containerResources, restrictedContainer, restrictedPod, type Labels, type Values } from "../pod";
import { generationAnnotations, podAnnotations } from "../rotation";
import { authorityOnly, authorityPath, speaksTls, trustOf } from "../tls";

/** Everything that Grafana's release depends on. */
export interface GrafanaSpec extends PartSpec, LokiClient {
  /** Size of the volume, a Kubernetes quantity. Default: 5Gi. */
  volumeSize: string;
  /** StorageClass of the volume. Default: the cluster's. */
  storageClass?: string;
  /** Generations of the administrator's password. Default: the first. */
  admin: Generation;
  /** Namespaces of the other parts, whose logs show the health of the platform. Default: those of `dev`. */
  platform: { minio: string; loki: string; alloy: string };
}

/** Name of the ConfigMap with the dashboards, one JSON file for each. */
export const dashboardsConfigMap = "grafana-dashboards";

/** Id of the data source. Fixed, so that dashboards, alerts and links still work with a new Grafana. */
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
    // Without this, the chart would make a new random password at each render.
    admin: { existingSecret: secretNames.grafanaAdmin },
    ...(login ? { envFromSecret: secretNames.gatewayLogin } : {}),
    persistence: {
      enabled: true,
      size: volumeSize,
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // A lookup returns nothing in a preview, so every `up` would show a difference.
      lookupVolumeName: false,
    },
    // Only one pod at a time can use the volume.
    deploymentStrategy: { type: "Recreate" },
    podLabels,
    ...podAnnotations(login ? generationAnnotations("gateway", spec.loginGeneration) : {}),
    resources: containerResources(resources),
    securityContext: restrictedPod(user),
    containerSecurityContext: restrictedContainer,
    // The chart's liveness probe is the same as its readiness probe, and includes the database. A restart of Grafana
    // does not help while the database is slow.
    livenessProbe: { httpGet: { path: "/healthz" } },
    extraSecretMounts: trustOf(spec).mounts.map((mount) => ({ ...mount, ...authorityOnly })),
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    // It runs as root to change the owner of the volume. fsGroup already does that.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    // Only the sidecars need the API server, and they are off.
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
    // Not `dashboards`: for these, the chart would add an init container with one more image.
    dashboardsConfigMaps: { logharbor: dashboardsConfigMap },
  };
}

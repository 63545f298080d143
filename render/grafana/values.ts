import type { Settings } from "../../config/settings";
import { endpointsOf, type EndpointsInput } from "../addresses";
import { gatewayVariables, secretNames } from "../../domain/names";
import { containerResources, mirrored, restrictedContainer, restrictedPod, type PodLabels, type Values } from "../pod";
import { authorityPath, speaksTls, trust } from "../tls";

/** What Grafana's chart needs to know. */
export type GrafanaValuesInput = EndpointsInput & Pick<Settings, "images" | "storageClass" | "tenant"> & PodLabels;

/** ConfigMap of the dashboards, one JSON file each. */
export const dashboardsConfigMap = "grafana-dashboards";

/** Fixed, so that dashboards, alerts and links survive a new Grafana. */
export const dataSourceUid = "logharbor-loki";

/** The user of Grafana's image. */
const user = 472;

/** Values of the chart grafana 12.11.1. */
export function grafanaValues(input: GrafanaValuesInput): Values {
  const { gateway, grafana, images, storageClass, tenant } = input;
  const secured = speaksTls(input);
  const authenticates = gateway.authentication === "basic";
  const { registry, repository, tag, digest } = mirrored(images.grafana, images.mirror);
  return {
    fullnameOverride: "grafana",
    image: {
      registry,
      repository,
      tag,
      ...(digest === undefined ? {} : { sha: digest.replace("sha256:", "") }),
      pullSecrets: images.pullSecrets,
    },
    // Given, since the chart would make a new random one at each render.
    admin: { existingSecret: secretNames.grafanaAdmin },
    ...(authenticates ? { envFromSecret: secretNames.gatewayLogin } : {}),
    persistence: {
      enabled: true,
      size: grafana.volumeSize,
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // A lookup has no answer in a preview, and so would be a difference at every `up`.
      lookupVolumeName: false,
    },
    // The volume belongs to one pod at a time.
    deploymentStrategy: { type: "Recreate" },
    podLabels: input.podLabels ?? {},
    resources: containerResources(grafana.resources),
    securityContext: restrictedPod(user),
    containerSecurityContext: restrictedContainer,
    // The chart asks for the same health as for readiness, with the database: nothing is won by starting Grafana again
    // while that is slow.
    livenessProbe: { httpGet: { path: "/healthz" } },
    ...(secured
      ? {
          extraSecretMounts: [
            { ...trust.mount, secretName: trust.volume.secret.secretName, items: trust.volume.secret.items },
          ],
        }
      : {}),
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
            url: endpointsOf(input).loki,
            isDefault: true,
            editable: false,
            jsonData: {
              maxLines: 1000,
              httpHeaderName1: "X-Scope-OrgID",
              ...(secured ? { tlsAuthWithCACert: true } : {}),
            },
            ...(authenticates ? { basicAuth: true, basicAuthUser: tenant } : {}),
            secureJsonData: {
              httpHeaderValue1: tenant,
              ...(secured ? { tlsCACert: `$__file{${authorityPath}}` } : {}),
              ...(authenticates ? { basicAuthPassword: `$__env{${gatewayVariables.password}}` } : {}),
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

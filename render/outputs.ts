import type { Settings } from "../config/settings";
import { erasureText } from "../domain/erasure";
import type { Addresses } from "./addresses";
import { secretNames } from "../domain/names";
import { usedParts } from "../domain/parts";
import { planOf } from "./plan";
import { imageReference, mirrored } from "./pod";
import { formatRequests, stackRequests } from "./requests";

/** Where to find a Secret. Outputs never hold its content. */
export interface SecretReference {
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
}

/** Outputs of the stack. All are known before anything is deployed. */
export interface StackOutputs {
  /**
   * Uid of the namespace `kube-system`, which tells the stack's cluster from all others. Undefined before the first
   * `up` that could read it.
   */
  cluster?: string;
  /** The setting `profile`. */
  profile: Settings["profile"];
  /** The setting `topology`. */
  topology: Settings["topology"];
  /** Dangers that the stack accepts. */
  allow: Settings["allow"];
  /** Namespace of each part. */
  namespaces: { minio: string; loki: string; alloy: string; grafana?: string };
  /** URLs inside the cluster. */
  endpoints: Addresses;
  /** Where to find the credentials. */
  secrets: {
    minioRoot: SecretReference;
    lokiStore: SecretReference;
    remoteTier?: SecretReference;
    grafanaAdmin?: SecretReference;
  };
  /** Commands that open Grafana and print its password. Undefined if the stack has no Grafana. */
  grafanaAccess?: { open: string; password: string };
  /** The stack's own tenant, for the header X-Scope-OrgID. */
  tenant: string;
  /** Chart version, or path, and image of each part. */
  versions: Record<string, { chart: string; image: string }>;
  /** Erasure sets of the object store and what they survive, in words. */
  erasure: string;
  /**
   * CPU and memory that the scheduler reserves, as Kubernetes quantities. `perNode` is what Alloy and the canary take
   * on each node.
   */
  requests: { fixed: { cpu: string; memory: string }; perNode: { cpu: string; memory: string } };
}

/** The outputs of a stack with these settings. Pure. */
export function outputsOf(settings: Settings): StackOutputs {
  const { allow, charts, grafana, images, namespaces, profile, tenant, topology } = settings;
  const { tier } = settings.minio;
  const { fixed, perNode } = stackRequests(settings);
  const admin = { namespace: namespaces.grafana, name: secretNames.grafanaAdmin };
  const { grafana: grafanaNamespace, ...others } = namespaces;
  return {
    profile,
    topology,
    allow,
    namespaces: { ...others, ...(grafana.enabled ? { grafana: grafanaNamespace } : {}) },
    endpoints: planOf(settings).addresses,
    secrets: {
      minioRoot: { namespace: namespaces.minio, name: secretNames.minioRoot },
      lokiStore: { namespace: namespaces.loki, name: secretNames.lokiStore },
      ...(tier === undefined ? {} : { remoteTier: { namespace: namespaces.minio, name: tier.secret } }),
      ...(grafana.enabled ? { grafanaAdmin: admin } : {}),
    },
    ...(grafana.enabled
      ? {
          grafanaAccess: {
            open: `kubectl -n ${grafanaNamespace} port-forward svc/grafana 3000:80, then http://localhost:3000 as admin`,
            password:
              `kubectl -n ${admin.namespace} get secret ${admin.name} -o go-template='{{index .data ` +
              `"admin-password" | base64decode}}'`,
          },
        }
      : {}),
    tenant,
    versions: Object.fromEntries(
      usedParts(settings).map((part) => [
        part,
        {
          chart: charts[part].path ?? charts[part].version,
          image: imageReference(mirrored(images[part], images.mirror)),
        },
      ]),
    ),
    erasure: erasureText(settings.minio),
    requests: { fixed: formatRequests(fixed), perNode: formatRequests(perNode) },
  };
}

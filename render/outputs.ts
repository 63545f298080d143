import type { Settings } from "../config/settings";
import { erasureText } from "../domain/erasure";
import type { Addresses } from "./addresses";
import { servedPath } from "./grafana/ini";
import { secretNames } from "../domain/names";
import { usedParts } from "../domain/parts";
import { bucketsOf, storeAddress } from "./objectStore";
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
  namespaces: { minio?: string; loki: string; alloy: string; grafana?: string };
  /** URLs inside the cluster. */
  endpoints: Addresses;
  /** Where to find the credentials. */
  secrets: {
    /** Undefined if the stack has no MinIO. */
    minioRoot?: SecretReference;
    /** Undefined if Loki logs in with the identity of its pods. */
    lokiStore?: SecretReference;
    remoteTier?: SecretReference;
    grafanaAdmin?: SecretReference;
  };
  /** Commands that open Grafana and print its password. Undefined if the stack has no Grafana. */
  grafanaAccess?: { open: string; password: string };
  /** The stack's own tenant, for the header X-Scope-OrgID. */
  tenant: string;
  /** Chart version, or path, and image of each part. */
  versions: Record<string, { chart: string; image: string }>;
  /** The object store that was there already, and Loki's buckets in it. Undefined if Loki stores in MinIO. */
  objectStore?: { url: string; buckets: string[] };
  /** Erasure sets of MinIO and what they survive, in words. Undefined if the stack has no MinIO. */
  erasure?: string;
  /**
   * CPU and memory that the scheduler reserves, as Kubernetes quantities. `perNode` is what Alloy and the canary take
   * on each node.
   */
  requests: { fixed: { cpu: string; memory: string }; perNode: { cpu: string; memory: string } };
}

/** The outputs of a stack with these settings. Pure. */
export function outputsOf(settings: Settings): StackOutputs {
  const { allow, charts, images, namespaces, profile, tenant, topology } = settings;
  const parts = usedParts(settings);
  const [minio, grafana] = [parts.includes("minio"), parts.includes("grafana")];
  const { addresses, loki, remoteTier } = planOf(settings);
  const { fixed, perNode } = stackRequests(settings);
  const admin = { namespace: namespaces.grafana, name: secretNames.grafanaAdmin };
  return {
    profile,
    topology,
    allow,
    namespaces: Object.fromEntries(parts.map((part) => [part, namespaces[part]])) as StackOutputs["namespaces"],
    endpoints: addresses,
    secrets: {
      ...(minio ? { minioRoot: { namespace: namespaces.minio, name: secretNames.minioRoot } } : {}),
      ...(loki.storeCredentials === "secret"
        ? { lokiStore: { namespace: namespaces.loki, name: loki.storeSecret } }
        : {}),
      ...(remoteTier === undefined
        ? {}
        : { remoteTier: { namespace: namespaces.minio, name: remoteTier.tier.secret } }),
      ...(grafana ? { grafanaAdmin: admin } : {}),
    },
    ...(grafana
      ? {
          grafanaAccess: {
            open:
              settings.exposure.grafana.kind === "none"
                ? `kubectl -n ${namespaces.grafana} port-forward svc/grafana 3000:80, ` +
                  `then http://localhost:3000${servedPath(settings.grafana, "")} as admin`
                : `${settings.grafana.url} as admin`,
            password:
              `kubectl -n ${admin.namespace} get secret ${admin.name} -o go-template='{{index .data ` +
              `"admin-password" | base64decode}}'`,
          },
        }
      : {}),
    tenant,
    versions: Object.fromEntries(
      parts.map((part) => [
        part,
        {
          chart: charts[part].path ?? charts[part].version,
          image: imageReference(mirrored(images[part], images.mirror)),
        },
      ]),
    ),
    ...(settings.objectStore.kind === "s3"
      ? { objectStore: { url: storeAddress(loki), buckets: bucketsOf(loki) } }
      : {}),
    ...(minio ? { erasure: erasureText(settings.minio) } : {}),
    requests: { fixed: formatRequests(fixed), perNode: formatRequests(perNode) },
  };
}

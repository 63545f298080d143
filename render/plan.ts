import type { Settings } from "../config/settings";
import type { Part } from "../domain/parts";
import { topologies, type Topology } from "../domain/topologies";
import { addressesOf, type Addresses } from "./addresses";
import type { AlloySpec } from "./alloy/spec";
import type { GrafanaSpec } from "./grafana/values";
import type { LokiSpec } from "./loki/spec";
import type { RemoteTierSpec } from "./minio/tierJob";
import type { MinioSpec } from "./minio/values";
import type { PartSpec } from "./part";
import { mirrored } from "./pod";
import { generationOf } from "./rotation";
import { speaksTls } from "./tls";

/** The decisions that follow from a stack's settings, made once: everything that more than one part must know. */
export interface Plan {
  /** The topology, with the replicas of the settings. */
  topology: Topology;
  /** URLs inside the cluster. */
  addresses: Addresses;
  /** Whether MinIO and Loki's gateway use TLS. */
  secured: boolean;
  /** What MinIO's release depends on. */
  minio: MinioSpec;
  /** What Loki's release depends on. */
  loki: LokiSpec;
  /** What Alloy's release depends on. */
  alloy: AlloySpec;
  /** What Grafana's release depends on. Undefined if the stack has no Grafana. */
  grafana?: GrafanaSpec;
  /** What the tier's Job depends on. Undefined if the stack has no remote tier. */
  remoteTier?: RemoteTierSpec;
}

/** The plan of a stack. Pure. */
export function planOf(settings: Settings): Plan {
  const { alloy, gateway, images, loki, minio, namespaces, retention, spread, storageClass, tenant, tls } = settings;
  const secured = speaksTls(tls);
  const login = gateway.authentication === "basic";
  const topology = topologyOf(settings, login || secured);
  const addresses = addressesOf({
    namespaces,
    secured,
    gateway: topology.replicas.gateway > 0,
    grafana: settings.grafana.enabled,
  });
  const part = (name: Part): PartSpec => ({
    namespace: namespaces[name],
    existingNamespace: settings.existingNamespaces.includes(name),
    chart: settings.charts[name],
    image: mirrored(images[name], images.mirror),
    pullSecrets: images.pullSecrets,
    resources: settings[name].resources,
    certificates: tls.certificates,
    issuer: tls.issuer,
  });
  const client = { lokiUrl: addresses.loki, tenant, login, loginGeneration: generationOf(settings, "gateway") };
  const { drivesPerServer, parity, servers, staleUploadHours, tier, volumeSize } = minio;
  const { caches, chunkEncoding, limits, query, schema } = loki;
  return {
    topology,
    addresses,
    secured,
    minio: {
      ...part("minio"),
      servers,
      drivesPerServer,
      parity,
      volumeSize,
      staleUploadHours,
      spread,
      storageClass,
      root: generationOf(settings, "minioRoot"),
    },
    loki: {
      ...part("loki"),
      topology,
      volumeSize: loki.volumeSize,
      storageClass,
      schema,
      chunkEncoding,
      caches,
      query,
      limits,
      retention,
      tenant,
      tenants: gateway.tenants,
      authentication: gateway.authentication,
      logins: generationOf(settings, "gateway"),
      store: generationOf(settings, "lokiStore"),
      storeUrl: addresses.minio,
      buckets: minio.buckets,
      gatewayImage: mirrored(images.gateway, images.mirror),
      memcachedImage: mirrored(images.memcached, images.mirror),
      spread,
    },
    alloy: {
      ...part("alloy"),
      ...client,
      source: alloy.source,
      podAs: alloy.podAs,
      excludeNamespaces: alloy.excludeNamespaces,
      limits: alloy.limits,
    },
    ...(settings.grafana.enabled
      ? {
          grafana: {
            ...part("grafana"),
            ...client,
            volumeSize: settings.grafana.volumeSize,
            storageClass,
            admin: generationOf(settings, "grafana"),
            platform: namespaces,
          },
        }
      : {}),
    ...(tier === undefined
      ? {}
      : {
          remoteTier: {
            ...part("minio"),
            tier,
            tenants: [tenant, ...gateway.tenants],
            retention,
            minioUrl: addresses.minio,
            chunksBucket: minio.buckets.chunks,
          },
        }),
  };
}

/** The topology of the settings, with their replicas. If a gateway is needed, every topology gets one. */
function topologyOf({ topology, loki }: Settings, needsGateway: boolean): Topology {
  const named = topologies[topology];
  const gateway = Math.max(named.replicas.gateway, needsGateway ? 1 : 0);
  return {
    ...named,
    replicas: { ...named.replicas, gateway, ...loki.replicas },
    replicationFactor: loki.replicationFactor ?? named.replicationFactor,
  };
}

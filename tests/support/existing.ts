import type { Existing, ExistingPart, ExistingWorkload } from "../../changes/dangers/existing";
import { lokiConfig } from "../../render/loki/config";
import { tierAddress } from "../../render/minio/tier";
import { planOf } from "../../render/plan";
import { topologyOf } from "../../render/topology";
import { generationAnnotations, generationOf } from "../../render/rotation";
import type { Settings } from "../../config/settings";
import { hasMinio } from "../../domain/objectStore";
import { validGenerations } from "../../domain/credentials";
import { usersSecret } from "../../render/loki/gateway";

/**
 * Replaces a cluster that runs a stack with these settings: what its charts would have made. It does not prove what a
 * real cluster shows.
 */
export function existingOf(settings: Settings): Existing {
  const { minio, loki, charts, grafana, images, namespaces, storageClass } = settings;
  const volume = (name: string, size: string) => ({
    name,
    size,
    ...(storageClass === undefined ? {} : { storageClass }),
  });
  const { singleBinary, write, read, backend, gateway } = topologyOf(settings).replicas;
  const lokiWorkload = (kind: ExistingWorkload["kind"], name: string, replicas: number): ExistingWorkload => ({
    kind,
    name,
    replicas,
    chart: `loki-${charts.loki.version}`,
    image: `${images.loki.registry}/${images.loki.repository}:${images.loki.tag}`,
    volumes: kind === "StatefulSet" ? [volume("data", loki.volumeSize)] : [],
  });
  const targets = [
    lokiWorkload("StatefulSet", "loki", singleBinary),
    lokiWorkload("StatefulSet", "loki-write", write),
    lokiWorkload("Deployment", "loki-read", read),
    lokiWorkload("StatefulSet", "loki-backend", backend),
  ];
  const basic = settings.gateway.authentication === "basic";
  targets.push({
    ...lokiWorkload("Deployment", "loki-gateway", gateway),
    mountedSecrets: basic ? validGenerations(generationOf(settings, "gateway")).map(usersSecret) : [],
  });
  const distributed = minio.servers > 1;
  const drives = Array.from({ length: minio.drivesPerServer }, (_, drive) =>
    volume(`export-${drive}`, minio.volumeSize),
  );
  const server: ExistingWorkload = {
    kind: distributed ? "StatefulSet" : "Deployment",
    name: "minio",
    replicas: minio.servers,
    chart: `minio-${charts.minio.version}`,
    volumes: distributed ? drives : [],
    podAnnotations: generationAnnotations("minioRoot", generationOf(settings, "minioRoot")),
  };
  const claimed = (workloads: ExistingWorkload[]): ExistingPart => ({
    workloads,
    claims: workloads.flatMap(({ name, replicas, volumes }) =>
      Array.from({ length: replicas }, (_, ordinal) =>
        volumes.map((template) => ({ ...template, name: `${template.name}-${name}-${ordinal}`, expandable: true })),
      ).flat(),
    ),
  });
  const withMinio = hasMinio(settings.objectStore);
  const minioPart = claimed(withMinio ? [server] : []);
  if (withMinio && !distributed) minioPart.claims.push({ ...volume("minio", minio.volumeSize), expandable: true });
  return {
    minio: minioPart,
    loki: claimed(targets.filter(({ replicas }) => replicas > 0)),
    lokiConfig: JSON.parse(JSON.stringify(lokiConfig(planOf(settings).loki))) as Existing["lokiConfig"],
    tier: minio.tier && tierAddress(minio.tier),
    grafanaVolume: grafana.enabled && grafana.database === undefined ? "deletable" : undefined,
    homes: [
      ...(withMinio ? [{ part: "minio" as const, name: namespaces.minio }] : []),
      { part: "loki", name: namespaces.loki },
    ],
  };
}

/** A cluster without anything of a stack. */
export const nothing: Existing = {
  minio: { workloads: [], claims: [] },
  loki: { workloads: [], claims: [] },
  homes: [],
};

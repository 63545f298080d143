import { z } from "zod";

import { image } from "./groups";
import { dnsLabel, list, registryHost } from "./kinds";

/** The images, with their pinned versions. */
export const images = z.strictObject({
  mirror: registryHost({
    about: "Registry that mirrors all images; it replaces the registry of each image.",
    example: "registry.example.com/mirror",
  }).optional(),
  pullSecrets: list(dnsLabel({ about: "A Secret.", example: "registry-credentials" }), "Secret names", {
    both: [],
    about: "Secret of type kubernetes.io/dockerconfigjson that exists in each namespace; a list of at most one.",
    example: ["registry-credentials"],
  })
    // MinIO's chart does not render with a second one. One Secret can hold the credentials of any number of registries.
    .max(1, { error: "must name at most one Secret; it can hold the credentials of every registry" }),
  // docker.io no longer serves MinIO's own images. silo is the maintained fork, with the same variables, disk format
  // and entrypoint.
  minio: image("docker.io", "pgsty/silo", "RELEASE.2026-09-16T00-00-00Z"),
  loki: image("docker.io", "grafana/loki", "3.7.6"),
  alloy: image("docker.io", "grafana/alloy", "v1.18.1"),
  grafana: image("docker.io", "grafana/grafana", "13.2.0"),
  gateway: image("docker.io", "nginxinc/nginx-unprivileged", "1.31.6-alpine"),
  memcached: image("docker.io", "library/memcached", "1.6.45-alpine"),
  alertmanager: image("quay.io", "prometheus/alertmanager", "v0.31.1"),
  canary: image("docker.io", "grafana/loki-canary", "3.7.6"),
});

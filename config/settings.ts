import { z } from "zod";

import { dangerNames } from "../domain/danger";
import { partNames } from "../domain/parts";
import { topologyNames } from "../domain/topologies";
import { alerts } from "./alerts";
import { alloy } from "./alloySettings";
import { dns, ipFamilies } from "./clusterSettings";
import { exposure } from "./exposureSettings";
import { grafana } from "./grafanaSettings";
import { chart, rotation, tier } from "./groups";
import { values } from "./hatchSettings";
import { images } from "./images";
import { choice, cidr, dnsLabel, flag, list, storageClass, tenantName, text, whole } from "./kinds";
import { loki } from "./lokiSettings";
import { minio } from "./minioSettings";
import { canary, monitoring } from "./monitoringSettings";
import { objectStore } from "./objectStoreSettings";
import { retention } from "./retentionSettings";

/*
 * Every setting of a stack: what it means, its bounds, and its defaults in dev and prod. Rules between settings are in
 * `rules.ts`.
 */

/** The schema of all settings. A setting that it does not know is an error. */
export const settingsSchema = z.strictObject({
  profile: choice(["dev", "prod"], {
    about: "Profile that supplies the defaults. It is the only setting that every stack must have.",
  }),
  topology: choice(topologyNames, {
    dev: "single-binary",
    prod: "simple-scalable",
    about: "Layout of Loki: one process; separate write, read and backend; or three replicas of the one process.",
  }),
  tenant: tenantName({
    both: "logharbor",
    about: "Loki tenant (X-Scope-OrgID) that Alloy writes to and that Grafana and the command line read.",
  }),
  protectData: flag({
    dev: false,
    prod: true,
    about: "Refuse to delete or replace what holds logs: MinIO and Loki, their namespaces, the buckets.",
  }),
  allow: list(choice(dangerNames, { about: "A danger." }), "dangers", {
    both: [],
    about: "Dangers that this stack accepts, by the names that the refusal shows. Remove them again afterwards.",
    example: ["retention-cut"],
  }),
  spread: z.strictObject({
    nodes: choice(["required", "preferred"], {
      dev: "preferred",
      prod: "required",
      about: "Whether the replicas of a workload must run on different nodes, or do so only if there are enough.",
    }),
    zones: choice(["required", "preferred"], {
      both: "preferred",
      about: "Whether replicas must be spread evenly over zones, or only if possible.",
    }),
  }),
  networkPolicies: flag({
    both: true,
    about:
      "Refuse all traffic of the platform's pods except the flows that it needs. The network plug-in must enforce " +
      "NetworkPolicies.",
  }),
  ingressNamespaces: list(dnsLabel({ about: "A namespace.", example: "ingress-nginx" }), "namespaces", {
    both: [],
    about:
      "Namespaces whose pods may reach Grafana and Loki through the network policies, such as that of an ingress " +
      "controller or of your own agents.",
    example: ["ingress-nginx"],
  }),
  ingressCidrs: list(cidr({ about: "A range.", example: "10.0.0.0/16" }), "ranges of addresses", {
    both: [],
    about:
      "Addresses outside of the cluster's pods that may reach Grafana and Loki's gateway through the network " +
      "policies, such as those of a load balancer that sends to pods.",
    example: ["10.0.0.0/16"],
  }),
  apiServerPorts: list(whole({ min: 1, max: 65535, about: "A port.", example: 6443 }), "ports", {
    both: [443, 6443],
    about:
      "Ports of the Kubernetes API server, as `kubectl get endpoints kubernetes` shows them. The network policies " +
      "let Alloy reach these ports at any address.",
  }).min(1, { error: "must hold at least one port" }),
  fixedUserIds: flag({
    both: true,
    about:
      "Run each pod as the user of its image. With false the platform assigns users and groups, as OpenShift does " +
      "(restricted-v2). Alloy with source files runs as root in any case.",
  }),
  dns,
  ipFamilies,
  storageClass: storageClass({
    about: "StorageClass of every volume; unset: the cluster's default.",
    example: "fast-ssd",
  }).optional(),
  namespaces: z.strictObject({
    minio: dnsLabel({ both: "logharbor-minio", about: "Namespace of MinIO." }),
    loki: dnsLabel({ both: "logharbor-loki", about: "Namespace of Loki." }),
    alloy: dnsLabel({ both: "logharbor-alloy", about: "Namespace of Alloy." }),
    grafana: dnsLabel({ both: "logharbor-grafana", about: "Namespace of Grafana." }),
  }),
  existingNamespaces: list(choice(partNames, { about: "A part." }), `the parts ${partNames.join(", ")}`, {
    both: [],
    about:
      "Parts whose namespace already exists. The stack does not create, label or remove it, and its network policies " +
      "there select only the stack's own pods.",
    example: ["minio"],
  }),
  objectStore,
  minio,
  loki,
  gateway: z.strictObject({
    authentication: choice(["none", "basic"], {
      both: "none",
      about: "Whether Loki's gateway asks for a tenant's name and generated password.",
    }),
    tenants: list(tenantName({ about: "A tenant.", example: "team-a" }), "tenants", {
      both: [],
      about: "Further tenants, each with a generated password.",
      example: ["team-a"],
    }),
  }),
  tls: z.strictObject({
    certificates: choice(["none", "cert-manager", "given"], {
      both: "none",
      about:
        "Who creates the certificates of MinIO and Loki's gateway: cert-manager, or you, in a Secret in each " +
        "namespace (given). With none, both use plain HTTP.",
    }),
    issuer: text(
      /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
      "the name of a ClusterIssuer",
    )({ about: "ClusterIssuer of cert-manager that signs the certificates.", example: "internal-ca" }).optional(),
  }),
  exposure,
  rotation,
  retention,
  alloy,
  grafana,
  monitoring,
  canary,
  alerts,
  charts: z.strictObject({
    minio: chart("https://charts.min.io", "5.4.0"),
    // The open-source charts of Loki and Grafana moved to grafana-community in 2026. The Loki chart in the old
    // repository is for the enterprise product.
    loki: chart("https://grafana-community.github.io/helm-charts", "18.11.0"),
    alloy: chart("https://grafana.github.io/helm-charts", "1.11.1"),
    grafana: chart("https://grafana-community.github.io/helm-charts", "12.11.1"),
  }),
  images,
  values,
});

/** The settings of a stack, with every default filled in and every value checked. */
export type Settings = z.output<typeof settingsSchema>;
/** A set of defaults: `dev` or `prod`. */
export type Profile = Settings["profile"];
/** CPU and memory of one replica: requests and limits, as Kubernetes quantities. */
export type Resources = Settings["loki"]["resources"];
/** A container image: registry, repository, tag and optional digest. */
export type Image = Settings["images"]["loki"];
/** Where a Helm chart comes from: a repository and an exact version, or a local path. */
export type ChartSource = Settings["charts"]["loki"];
/** The remote tier, to which MinIO moves cold chunks. */
export type Tier = z.output<typeof tier>;
export type { AlertRule, Receiver } from "./alerts";

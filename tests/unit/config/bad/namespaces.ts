import { label, notGroup, unknown, unquoted, wrong, type BadConfig } from "./rows";

const parts = "minio, loki, alloy, grafana";
const taken = 'is "logs", which is also the namespace of minio';
const apart =
  "give each part a separate namespace; parts can share only a namespace that already exists (existingNamespaces)";
const make = "name a namespace that the stack may create and remove";

export const namespaces: BadConfig[] = [
  ...notGroup("namespaces", "logs"),
  ...unknown("namespaces.gateway", "a"),
  ...wrong("namespaces.loki", label, "logharbor-loki", "Logs", "a".repeat(64)),
  unquoted("namespaces.loki", label, 2024),
  ...wrong("existingNamespaces", `must be a list of the parts ${parts}`, '["minio"]', "minio"),
  ...wrong("existingNamespaces[0]", `must be one of ${parts}`, "minio", "gateway"),

  // Names that the stack can't have, or can't share.
  [
    { namespaces: { minio: "kube-system" }, existingNamespaces: ["minio"] },
    "namespaces.minio",
    'is "kube-system", which belongs to the cluster',
    "name one of yours",
  ],
  [
    { namespaces: { alloy: "kube-system" } },
    "namespaces.alloy",
    'is "kube-system", which belongs to the cluster',
    make,
  ],
  [{ namespaces: { minio: "default" } }, "namespaces.minio", 'is "default", which belongs to the cluster', make],
  [{ namespaces: { loki: "logs", minio: "logs" } }, "namespaces.loki", taken, apart],
  [{ namespaces: { loki: "logs", minio: "logs" }, existingNamespaces: ["loki"] }, "namespaces.loki", taken, apart],
  [
    { existingNamespaces: ["minio", "loki", "minio"] },
    "existingNamespaces",
    "holds minio twice",
    "name each part once",
  ],
  [
    {
      namespaces: { alloy: "logs", grafana: "logs" },
      existingNamespaces: ["alloy", "grafana"],
      gateway: { authentication: "basic" },
    },
    "namespaces.grafana",
    'is "logs", also the namespace of Alloy: both need a Secret of the same name for their login',
    "give Alloy and Grafana separate namespaces, or set gateway.authentication to none",
  ],
  [
    {
      namespaces: { loki: "logs", minio: "logs" },
      existingNamespaces: ["minio", "loki"],
      tls: { certificates: "cert-manager", issuer: "a" },
    },
    "namespaces.loki",
    `is "logs", also the namespace of minio, but cert-manager makes only one certificate there`,
    "give each part a separate namespace, or set tls.certificates to given",
  ],
];

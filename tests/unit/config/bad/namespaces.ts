import { label, mistyped, notGroup, unquoted, wrong, type BadConfig } from "./rows";

const parts = "minio, loki, alloy, grafana";
const taken = 'is "logs", the namespace of minio too';
const apart =
  "give each part a namespace of its own; only one that is there already may be shared (existingNamespaces)";
const make = "name a namespace that the stack may create and remove";

export const namespaces: BadConfig[] = [
  ...notGroup("namespaces", "logs"),
  mistyped("namespaces.gateway", "a", "loki.replicas.gateway"),
  ...wrong("namespaces.loki", label, "logharbor-loki", "Logs", "a".repeat(64)),
  unquoted("namespaces.loki", label, 2024),
  ...wrong("existingNamespaces", `must be a list of the parts ${parts}`, '["minio"]', "minio"),
  ...wrong("existingNamespaces[0]", `must be one of ${parts}`, "minio", "gateway"),

  // Names that the stack can't have, or can't share.
  [
    { namespaces: { minio: "kube-system" }, existingNamespaces: ["minio"] },
    "namespaces.minio",
    'is "kube-system", which belongs to the cluster',
    "name one of your own",
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
    "is \"logs\", where Alloy's login at the gateway has the name that Grafana's needs",
    "give Alloy and Grafana a namespace each, or set gateway.authentication to none",
  ],
  [
    {
      namespaces: { loki: "logs", minio: "logs" },
      existingNamespaces: ["minio", "loki"],
      tls: { certificates: "cert-manager", issuer: "a" },
    },
    "namespaces.loki",
    `${taken}, and cert-manager makes one certificate a namespace`,
    "give each part a namespace of its own, or set tls.certificates to given",
  ],
];

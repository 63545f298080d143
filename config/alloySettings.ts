import { z } from "zod";

import { resources } from "./groups";
import { pipeline } from "./hatchSettings";
import { journal as journalSettings } from "./journalSettings";
import {
  choice,
  dnsLabel,
  filePath,
  flag,
  folder,
  labels,
  list,
  namespaceTenants,
  seLinuxType,
  text,
  whole,
} from "./kinds";
import { rules as lineSettings } from "./lineSettings";
import { mask as maskSettings } from "./maskSettings";
import { multiline as multilineSettings } from "./multilineSettings";
import { identitySettings, podSettings } from "./podSettings";

const fieldName = text(
  /^[a-zA-Z_][a-zA-Z0-9_]*$/,
  "the name of a field (letters, digits, _)",
)({ about: "A field.", example: "trace_id" });

/** The collector: where it runs, what it reads, and how much. */
export const alloy = z.strictObject({
  // On a full node, a replaced Alloy would otherwise wait, and nobody would collect that node's logs.
  ...podSettings("Alloy, the canary and the reader of events", {
    tolerations: [{ operator: "Exists" }],
    priorityClassName: "system-node-critical",
  }),
  ...identitySettings("Alloy"),
  source: choice(["kubernetes-api", "files"], {
    both: "files",
    about:
      "How Alloy reads logs: through the API server, without a host path; or from /var/log/pods on the node, which " +
      "is cheaper but needs a privileged namespace.",
  }),
  podLogsDir: folder({
    both: "/var/log/pods",
    about: "Folder of the pods' logs on the nodes (podLogsDir of the kubelets), for source files.",
    example: "/var/log/pods",
  }),
  hostFiles: list(
    z.strictObject({
      app: dnsLabel({ about: "Label app of the lines.", example: "audit" }),
      path: filePath({ about: "Path of the files; * is any text.", example: "/var/log/kubernetes/audit/audit.log" }),
    }),
    "paths, each with an app",
    {
      both: [],
      about:
        "Log files of the nodes, besides those of pods, such as the API server's audit log; for source files. Alloy " +
        "reads them as root, so whoever may read logs may read them.",
      example: [{ app: "audit", path: "/var/log/kubernetes/audit/audit.log" }],
    },
  ),
  journal: journalSettings,
  seLinuxType: seLinuxType({
    both: "",
    about:
      "SELinux type of Alloy's containers, for source files on nodes that enforce SELinux: spc_t may read the nodes' " +
      "logs and keep positions there. Empty: the runtime's, which may not.",
    example: "spc_t",
  }),
  podAs: choice(["structured-metadata", "label"], {
    both: "structured-metadata",
    about:
      "Where to put the pod's name: structured metadata keeps the number of streams low; a label can be used inside { }.",
  }),
  excludeNamespaces: list(dnsLabel({ about: "A namespace.", example: "kube-system" }), "namespaces", {
    both: [],
    about: "Namespaces whose logs are not collected.",
    example: ["kube-system"],
  }),
  tenants: namespaceTenants({
    both: {},
    about:
      "Tenant by namespace: its lines and events are stored for this tenant, and no other can read them. Every other " +
      "namespace belongs to the stack's own tenant. With gateway.authentication each tenant here has a password.",
    example: { shop: "team-a" },
  }),
  limits: z.strictObject({
    namespaceLinesPerSecond: whole({
      min: 1,
      max: 1_000_000,
      about:
        "Most lines per second that Alloy takes from one namespace on one node, plus a burst of 10 seconds' worth. " +
        "It drops and counts the rest. Unset: no limit.",
      example: 20_000,
    }).optional(),
    appLinesPerSecond: whole({
      min: 1,
      max: 1_000_000,
      about: "The same limit for one app in a namespace; unset: no limit.",
      example: 5000,
    }).optional(),
  }),
  collect: choice(["all", "annotated"], {
    both: "all",
    about:
      "Whose logs to collect: all but those that opt out, or only those of pods and namespaces with the annotation or " +
      'label `logharbor.io/collect: "true"`.',
  }),
  rules: lineSettings,
  multiline: multilineSettings,
  externalLabels: labels({
    both: {},
    about:
      "Index labels of every line that the stack collects, besides its own: the same for all, such as the name of the " +
      "cluster where several clusters share a Grafana.",
    example: { cluster: "eu-1" },
  }),
  events: z.strictObject({
    // A pod more, and the right to read the events of the whole cluster: who wants that says so.
    enabled: flag({
      both: false,
      about:
        "Collect the events of the cluster too, such as FailedScheduling, BackOff or Evicted: a pod in Alloy's " +
        "namespace reads them.",
    }),
    resources: resources({ both: { cpuRequest: "20m", memoryRequest: "128Mi", memoryLimit: "512Mi" } }),
  }),
  mask: maskSettings,
  fields: list(fieldName, "names of fields", {
    both: [],
    about: "Fields of JSON and logfmt lines that are copied into the structured metadata of the line.",
    example: ["trace_id"],
  }),
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi", cpuLimit: "1" },
  }),
  pipeline,
});

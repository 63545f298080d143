import { z } from "zod";

import { resources } from "./groups";
import { choice, dnsLabel, folder, list, objectLabels, seLinuxType, whole } from "./kinds";
import { priorityClass, toleration } from "./placement";

/** The collector: where it runs, what it reads, and how much. */
export const alloy = z.strictObject({
  nodeSelector: objectLabels({
    both: {},
    about: "Labels of the nodes whose logs are collected; Alloy runs only there. Empty: every Linux node.",
    example: { "node-role.example.com/logs": "true" },
  }),
  tolerations: list(toleration, "tolerations", {
    both: [{ operator: "Exists" }],
    about:
      "Taints in spite of which Alloy runs on a node, as in a pod. By default it runs on every Linux node but virtual " +
      "ones (virtual-kubelet, Fargate).",
    example: [{ key: "dedicated", operator: "Exists" }],
  }),
  // On a full node, a replaced Alloy would otherwise wait for ever, and nobody would collect that node's logs.
  priorityClassName: priorityClass({
    both: "system-node-critical",
    about:
      "PriorityClass of Alloy's pods. By default they displace other pods of a full node. Empty: the cluster's default.",
    example: "system-node-critical",
  }),
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
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi", cpuLimit: "1" },
  }),
});

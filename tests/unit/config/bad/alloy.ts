import { label, mistyped, unknown, whole, wrong, type BadConfig } from "./rows";

const nodeLabels = "must hold label names of Kubernetes, each with a value in quotes";
const podLogs = "must be the absolute path of a folder, without a slash at its end";
const effects = "must be one of NoSchedule, PreferNoSchedule, NoExecute";

export const alloy: BadConfig[] = [
  mistyped("excludeNamespaces", ["a"], "alloy.excludeNamespaces"),
  ...wrong("alloy.source", "must be one of kubernetes-api, files", "kubernetes-api", "file"),
  ...wrong("alloy.podAs", "must be one of structured-metadata, label", "structured-metadata", "metadata"),
  ...wrong("alloy.excludeNamespaces", "must be a list of namespaces", '["kube-system"]', "kube-system"),
  ...wrong("alloy.excludeNamespaces[0]", label, "kube-system", "kube-.*"),
  [{ alloy: { excludeNamespaces: ["a", null] } }, "alloy.excludeNamespaces[1]", label, "write for example kube-system"],
  ...wrong("alloy.limits.appLinesPerSecond", whole(1, 1_000_000), "5000", 0),
  ...wrong("alloy.limits.namespaceLinesPerSecond", whole(1, 1_000_000), "20000", "20k"),
  mistyped("alloy.limits.podLinesPerSecond", 100, "alloy.limits.appLinesPerSecond"),
  ...wrong("alloy.nodeSelector", nodeLabels, '{"node-role.example.com/logs":"true"}', "linux", ["a"]),
  ...wrong("alloy.nodeSelector.gpu", nodeLabels, '{"node-role.example.com/logs":"true"}', true, 1, "a b"),
  ...wrong("alloy.tolerations", "must be a list of tolerations", '[{"key":"dedicated","operator":"Exists"}]', "all"),
  ...wrong("alloy.tolerations[0].operator", "must be one of Equal, Exists", "Equal", "exists", "In"),
  ...wrong("alloy.tolerations[0].effect", effects, "NoSchedule", "noschedule"),
  ...wrong("alloy.tolerations[0].key", "must be the name of a label or taint", "dedicated", "a b"),
  ...wrong("alloy.priorityClassName", "must be the name of a PriorityClass", "system-node-critical", "High", true),
  ...wrong("alloy.podLogsDir", podLogs, "/var/log/pods", "", "var/log", "/var/log/pods/", '/logs"'),
  ...wrong("alloy.seLinuxType", "must be the name of a type of SELinux, such as spc_t", "spc_t", "spc", true, "SPC_T"),
  mistyped("alloy.selinuxType", "spc_t", "alloy.seLinuxType"),
  mistyped("alloy.nodeSelectors", { a: "b" }, "alloy.nodeSelector"),
  mistyped("alloy.toleration", [], "alloy.tolerations"),
  ...unknown("alloy.priority", "high"),
  ...unknown("alloy.resources.memory", "1Gi"),
  [
    { images: { alloy: { tag: "v1.11.3" } } },
    "images.alloy.tag",
    'is "v1.11.3", but only Alloy 1.12 and newer can find the nodes\' log files',
    "use 1.12 or newer, or set alloy.source to kubernetes-api",
  ],
  [
    { alloy: { resources: { cpuRequest: "500m", cpuLimit: "0.25" } } },
    "alloy.resources.cpuLimit",
    "is 0.25, below the request of 500m",
    "write at least 500m",
  ],
];

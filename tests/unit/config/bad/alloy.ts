import { bytes, label, mistyped, notGroup, unknown, whole, wrong, yesOrNo, type BadConfig } from "./rows";

const nodeLabels = "must hold label names of Kubernetes, each with a value in quotes";
const podLogs = "must be the absolute path of a folder, without a slash at its end";
const labelNames = "must hold label names (letters, digits, _), each with a text";
const filePath = "must be the absolute path of files, in which * may stand for any text";
const journalUnit = "must be the name of a unit of systemd, such as kubelet.service";
const hostFile = '[{"app":"audit","path":"/var/log/kubernetes/audit/audit.log"}]';
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
  ...notGroup("alloy.events", true),
  ...wrong("alloy.events.enabled", yesOrNo, "false", "yes", 1),
  ...wrong("alloy.events.resources.memoryLimit", bytes, "1Gi", "lots"),
  mistyped("alloy.events.enable", true, "alloy.events.enabled"),
  mistyped("alloy.event", { enabled: true }, "alloy.events"),
  [
    { alloy: { events: { resources: { memoryRequest: "1Gi" } } } },
    "alloy.events.resources.memoryLimit",
    "is 512Mi, below the request of 1Gi",
    "write at least 1Gi",
  ],
  [
    { alloy: { source: "kubernetes-api", events: { enabled: true } }, images: { alloy: { tag: "v1.11.3" } } },
    "images.alloy.tag",
    'is "v1.11.3", but only Alloy 1.12 and newer can cut long events',
    "use 1.12 or newer, or set alloy.events.enabled to false",
  ],
  ...wrong("alloy.externalLabels", labelNames, '{"cluster":"eu-1"}', "cluster=eu-1", ["cluster"]),
  ...wrong("alloy.externalLabels.cluster", labelNames, '{"cluster":"eu-1"}', 1, true),
  ...wrong("alloy.externalLabels.a-b", labelNames, '{"cluster":"eu-1"}', "x"),
  ...(["namespace", "node", "pod", "service_name", "reason"] as const).map((name): BadConfig => [
    { alloy: { externalLabels: { [name]: "x" } } },
    `alloy.externalLabels.${name}`,
    "would replace what lines have there already",
    "choose another name, such as cluster",
  ]),
  [
    { alloy: { externalLabels: { __cluster: "x" } } },
    "alloy.externalLabels.__cluster",
    "begins with __, as labels that nobody sees do",
    "choose another name, such as cluster",
  ],
  [
    { alloy: { externalLabels: { cluster: " " } } },
    "alloy.externalLabels.cluster",
    "has no value",
    "write one, or leave the label out",
  ],
  [
    { alloy: { externalLabels: { cluster: "x".repeat(1025) } } },
    "alloy.externalLabels.cluster",
    "is longer than 1024 characters, and every stream has it",
    "write a shorter one",
  ],
  [
    { alloy: { externalLabels: Object.fromEntries([..."abcdefg"].map((name) => [name, "x"])) } },
    "alloy.externalLabels",
    "has 7 labels: Loki takes 15 of a stream, ours included",
    "write at most 6",
  ],
  ...notGroup("alloy.journal", true),
  ...wrong("alloy.journal.enabled", yesOrNo, "false", "yes"),
  ...wrong("alloy.journal.kernel", yesOrNo, "true", "no"),
  ...wrong("alloy.journal.units", "must be a list of units of systemd", '["kubelet.service"]', "kubelet.service"),
  ...wrong("alloy.journal.units[0]", journalUnit, "kubelet.service", "kubelet", "a b.service", "_UID=0.service"),
  ...wrong("alloy.journal.path", podLogs, "/run/log/journal", "journal", "/run/log/journal/"),
  mistyped("alloy.journal.unit", [], "alloy.journal.units"),
  [
    { alloy: { source: "kubernetes-api", journal: { enabled: true } } },
    "alloy.journal.enabled",
    "is true, but alloy.source is kubernetes-api, which has no way to the nodes' journals",
    "set alloy.source to files, or leave this out",
  ],
  [
    { alloy: { journal: { enabled: true, units: [], kernel: false } } },
    "alloy.journal.units",
    "is empty, and alloy.journal.kernel is false: nothing would be read",
    "name a unit, or set alloy.journal.enabled to false",
  ],
  [
    { alloy: { journal: { enabled: true, path: "/etc/journal" } } },
    "alloy.journal.path",
    "is /etc/journal, which holds no journal",
    "leave it out",
  ],
  ...wrong("alloy.hostFiles", "must be a list of paths, each with an app", hostFile, "/var/log/syslog"),
  [
    { alloy: { hostFiles: [{ app: "Audit Log", path: "/var/log/syslog" }] } },
    "alloy.hostFiles[0].app",
    label,
    "write for example audit",
  ],
  ...["var/log/a", "/var/log/../a", "/a/b?"].map((path): BadConfig => [
    { alloy: { hostFiles: [{ app: "host", path }] } },
    "alloy.hostFiles[0].path",
    filePath,
    "write for example /var/log/kubernetes/audit/audit.log",
  ]),
  ...(
    [
      ["/*.log", "is /*.log: Alloy would get the whole disk", "name a folder before any *"],
      ["/*/log/syslog", "is /*/log/syslog: Alloy would get the whole disk", "name a folder before any *"],
      ["/etc/kubernetes/*", "is in /etc, which holds no logs, and may hold secrets", "leave it out"],
      [
        "/var/lib/kubelet/pods/*/x",
        "is in /var/lib/kubelet, which holds no logs, and may hold secrets",
        "leave it out",
      ],
      ...["/var/log/pods/*/*/*.log", "/var/log/containers/*.log", "/var/log/**"].map(
        (path) =>
          [
            path,
            `is ${path}, which holds lines of pods: they would be stored twice`,
            "leave it out, or name other folders; pods' lines are collected anyway",
          ] as const,
      ),
    ] as const
  ).map(([path, problem, remedy]): BadConfig => [
    { alloy: { hostFiles: [{ app: "host", path }] } },
    "alloy.hostFiles[0].path",
    problem,
    remedy,
  ]),
  [
    {
      alloy: {
        hostFiles: [
          { app: "a", path: "/var/log/syslog" },
          { app: "b", path: "/var/log/syslog" },
        ],
      },
    },
    "alloy.hostFiles[1].path",
    "is /var/log/syslog, which stands there already",
    "write each path once",
  ],
  [
    { alloy: { source: "kubernetes-api", hostFiles: [{ app: "a", path: "/var/log/syslog" }] } },
    "alloy.hostFiles",
    "names files of nodes, but alloy.source is kubernetes-api, which has no way to them",
    "set alloy.source to files, or leave this out",
  ],
  mistyped("alloy.hostFile", [], "alloy.hostFiles"),
  mistyped("alloy.externalLabel", { cluster: "eu-1" }, "alloy.externalLabels"),
  [
    { alloy: { resources: { cpuRequest: "500m", cpuLimit: "0.25" } } },
    "alloy.resources.cpuLimit",
    "is 0.25, below the request of 500m",
    "write at least 500m",
  ],
];

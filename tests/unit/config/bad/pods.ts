import { bytes, cores, mistyped, notGroup, unknown, unquoted, whole, wrong, type BadConfig } from "./rows";

const map = "must hold names of annotations, each with a text";
const nodeLabels = "must hold label names of Kubernetes, each with a value in quotes";
const someLabels = '{"node-role.example.com/logs":"true"}';
const effects = "must be one of NoSchedule, PreferNoSchedule, NoExecute";
const exists = { operator: "Exists" };

/** Where pods run, and what they carry. Every part has the same settings. */
export const pods: BadConfig[] = [
  ...wrong("loki.nodeSelector", nodeLabels, someLabels, "amd64", ["a"]),
  ...wrong("minio.nodeSelector.ssd", nodeLabels, someLabels, true),
  [
    { loki: { nodeSelector: { "a/b/c": "x" } } },
    "loki.nodeSelector.a/b/c",
    nodeLabels,
    `write for example ${someLabels}`,
  ],
  ...wrong(
    "minio.tolerations",
    "must be a list of tolerations",
    '[{"key":"dedicated","operator":"Exists"}]',
    exists,
    "Exists",
  ),
  [
    { alloy: { tolerations: ["Exists"] } },
    "alloy.tolerations[0]",
    "must be a group of settings",
    "write its settings below it: key, operator, value, effect, tolerationSeconds",
  ],
  ...wrong("grafana.tolerations[0].effect", effects, "NoSchedule", "Evict"),
  [
    { loki: { tolerations: [{ key: "a", effect: "NoExecute", tolerationSeconds: "5m" }] } },
    "loki.tolerations[0].tolerationSeconds",
    whole(0, 2_147_483_647),
    "write for example 300",
  ],
  [
    { loki: { tolerations: [{ ...exists, seconds: 5 }] } },
    "loki.tolerations[0].seconds",
    "is not a known setting",
    "settings here are key, operator, value, effect, tolerationSeconds",
  ],
  ...notGroup("loki.affinity", "zone", []),
  mistyped("loki.affinity.podAntiAffinity", {}, "loki.affinity.podAffinity"),
  ...wrong("loki.affinity.nodeAffinity", "must be an object in Kubernetes' form", "{}", "zone", ["zone"]),
  ...wrong("loki.priorityClassName", "must be the name of a PriorityClass", "system-node-critical", "High", true),
  unquoted("alloy.priorityClassName", "must be the name of a PriorityClass", 1000),
  ...wrong("loki.podAnnotations", map, '{"cluster-autoscaler.kubernetes.io/safe-to-evict":"false"}', "x"),
  [
    { loki: { podAnnotations: { "checksum/config": "x" } } },
    "loki.podAnnotations",
    "names checksum/config, which the platform sets",
    "choose another name",
  ],
  [
    { alloy: { podAnnotations: { "logharbor.io/gateway-generation": "7" } } },
    "alloy.podAnnotations",
    "names logharbor.io/gateway-generation, which the platform sets",
    "choose another name",
  ],
  ...["app", "app.kubernetes.io/name", "logharbor.io/stack"].map((name): BadConfig => [
    { minio: { podLabels: { [name]: "x" } } },
    "minio.podLabels",
    `names ${name}, by which the platform finds its own pods`,
    "choose another name",
  ]),
  ...wrong("grafana.serviceAnnotations", map, '{"service.kubernetes.io/topology-mode":"Auto"}', "x", 5),
  mistyped("loki.serviceAccountAnnotation", {}, "loki.serviceAccountAnnotations"),
  ...wrong("loki.envFromSecrets", "must be a list of names of Secrets", '["proxy"]', "proxy", { proxy: true }),
  ...unknown("minio.envFromSecrets", ["proxy"]),
  ...notGroup("loki.targetResources", "2Gi"),
  ...unknown("loki.targetResources.ingester", {}),
  ...wrong("loki.targetResources.write.memoryLimit", bytes, "1Gi", "4GB"),
  ...wrong("loki.targetResources.read.cpuRequest", cores, "250m", "two"),
  [
    { loki: { targetResources: { write: { memoryRequest: "8Gi" } } } },
    "loki.targetResources.write.memoryLimit",
    "is 1Gi, below the request of 8Gi",
    "write at least 8Gi",
  ],
  [
    { loki: { targetResources: { gateway: { cpuLimit: "10m" } } } },
    "loki.targetResources.gateway.cpuLimit",
    "is 10m, below the request of 50m",
    "write at least 50m",
  ],
];

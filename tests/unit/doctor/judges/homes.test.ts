import type { V1Pod } from "@kubernetes/client-node";
import type { Home } from "../../../../doctor/facts";
import { judgesEach, withHome } from "../../../support/faultFacts";
import { at, readyPod } from "../../../support/healthyFacts";

const without = <V>(map: ReadonlyMap<string, V> | undefined, key: string) =>
  new Map([...(map ?? [])].filter(([name]) => name !== key));
const waiting =
  (reason: string) =>
  (home: Home): Partial<Home> => {
    const [pod] = home.pods!;
    const status: V1Pod["status"] = {
      phase: "Pending",
      containerStatuses: [
        { name: "main", image: "", imageID: "", ready: false, restartCount: 3, state: { waiting: { reason } } },
      ],
    };
    return { pods: [{ ...pod, status }] };
  };
const yes = (days: number) => new Date(at.getTime() + days * 86_400_000);

describe("doctor's judgement of the cluster and of the parts' objects", () => {
  judgesEach([
    [
      "a node that is not ready",
      (facts) => ({
        ...facts,
        nodes: [{ metadata: { name: "node-a" }, status: { conditions: [{ type: "Ready", status: "Unknown" }] } }],
      }),
      "cluster",
      "nodes",
      "error",
      /node node-a is not ready/,
    ],
    [
      "a node whose disk fills",
      (facts) => ({
        ...facts,
        nodes: [{ metadata: { name: "node-a" }, status: { conditions: [{ type: "DiskPressure", status: "True" }] } }],
      }),
      "cluster",
      "nodes",
      "warning",
      /has DiskPressure/,
    ],
    ["no DNS", (facts) => ({ ...facts, dnsReady: 0 }), "cluster", "dns", "error", /no pod of the cluster's DNS/],
    [
      "a clock 20 minutes ahead",
      (facts) => ({
        ...facts,
        shown: [...facts.shown, { part: "minio", pod: "minio-0", node: "node-b", aheadMs: 1_200_000 }],
      }),
      "cluster",
      "clock",
      "error",
      /node-b is 20 min ahead/,
    ],
    [
      "this machine's clock",
      (facts) => ({ ...facts, shown: [{ part: "minio", pod: "minio-0", node: "node-a", aheadMs: -1_200_000 }] }),
      "cluster",
      "clock",
      "warning",
      /this machine's clock .* differ by 20 min/,
    ],
    [
      "a certificate that ended",
      (facts) => ({ ...facts, shown: [{ part: "minio", pod: "minio-0", node: "node-a", certificateEnds: yes(-1) }] }),
      "minio",
      "certificate",
      "error",
      /ended on 2026-11-24/,
    ],
    [
      "a certificate that ends",
      (facts) => ({ ...facts, shown: [{ part: "minio", pod: "minio-0", node: "node-a", certificateEnds: yes(13) }] }),
      "minio",
      "certificate",
      "warning",
      /ends on 2026-12-08/,
    ],
    [
      "a volume that is nearly full",
      (facts) => ({ ...facts, volumes: [{ ...facts.volumes[0]!, freeBytes: 2 }] }),
      "loki",
      "volume-full",
      "error",
      /is 98% full/,
    ],
    ["no namespace", withHome("loki", () => ({ exists: false })), "loki", "namespace", "error", /does not exist/],
    [
      "no ClusterRole",
      (facts) => ({ ...facts, clusterRole: { role: false, binding: true } }),
      "alloy",
      "cluster-role",
      "error",
      /ClusterRole logharbor:dev:logharbor-alloy is missing/,
    ],
    [
      "no right to read events",
      (facts) => ({ ...facts, eventsRole: { role: true, binding: false } }),
      "alloy",
      "cluster-role",
      "error",
      /ClusterRoleBinding logharbor:dev:logharbor-alloy:events is missing/,
    ],
    [
      "no Secret",
      withHome("loki", ({ secrets }) => ({ secrets: without(secrets, "loki-object-store") })),
      "loki",
      "secret",
      "error",
      /Secret loki-object-store is missing/,
    ],
    [
      "no Service",
      withHome("loki", ({ services }) => ({ services: without(services, "loki") })),
      "loki",
      "objects",
      "error",
      /Service loki is missing/,
    ],
    [
      "a NetworkPolicy of ours that is gone",
      withHome("alloy", ({ policies }) => ({
        policies: policies!.filter(({ metadata }) => metadata?.name !== "alloy"),
      })),
      "alloy",
      "policy",
      "error",
      /NetworkPolicy alloy .* is missing/,
    ],
    [
      "a NetworkPolicy of ours that is changed",
      withHome("loki", ({ policies }) => ({
        policies: policies!.map((policy) =>
          policy.metadata?.name === "loki" ? { ...policy, spec: { ...policy.spec!, ingress: [] } } : policy,
        ),
      })),
      "loki",
      "policy",
      "error",
      /is not as the stack made it/,
    ],
    [
      "a release that was interrupted",
      withHome("loki", ({ releases }) => ({
        releases: [...releases!, { ...releases![0]!, revision: 3, status: "pending-upgrade" }],
      })),
      "loki",
      "release",
      "warning",
      /is pending-upgrade \(revision 3\)/,
    ],
    ["no release", withHome("loki", () => ({ releases: [] })), "loki", "release", "error", /does not exist/],
    [
      "a volume claim that waits",
      withHome("minio", ({ namespace }) => ({
        pods: [
          readyPod(namespace, "minio-0", {
            containers: [],
            volumes: [{ name: "export", persistentVolumeClaim: { claimName: "minio" } }],
          }),
        ],
        claims: [{ metadata: { name: "minio" }, spec: { storageClassName: "fast" }, status: { phase: "Pending" } }],
      })),
      "minio",
      "volume",
      "error",
      /volume claim minio .* is pending/,
    ],
    [
      "a workload without replicas",
      withHome("minio", () => ({ deployments: [{ metadata: { name: "minio" }, spec: { replicas: 0 } as never }] })),
      "minio",
      "workload",
      "error",
      /scaled to 0/,
    ],
    ["an image", withHome("loki", waiting("ImagePullBackOff")), "loki", "pods", "error", /its image can't be pulled/],
    ["a crash loop", withHome("loki", waiting("CrashLoopBackOff")), "loki", "pods", "error", /ends again and again/],
    [
      "a pod without a node",
      withHome("loki", ({ pods }) => ({
        pods: [
          { ...pods![0], status: { conditions: [{ type: "PodScheduled", status: "False", message: "too big" }] } },
        ],
      })),
      "loki",
      "pods",
      "error",
      /no node takes it/,
    ],
    [
      "a Service without pods",
      withHome("loki", ({ services }) => ({ services: new Map([...services!, ["loki", 0]]) })),
      "loki",
      "endpoints",
      "error",
      /Service loki .* has no ready pod/,
    ],
    [
      "a Secret that changed after the pods started",
      withHome("loki", () => ({
        secrets: new Map([
          ["loki-object-store", at],
          ["loki", at],
        ]),
      })),
      "loki",
      "stale-secret",
      "warning",
      /started before Secret loki-object-store was changed/,
    ],
    [
      "no Alloy on a node",
      (facts) => ({ ...facts, nodes: [...facts.nodes!, { metadata: { name: "node-b" } }] }),
      "alloy",
      "collector-missing",
      "error",
      /no Alloy runs on node-b/,
    ],
  ]);
});

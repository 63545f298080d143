import { StorageV1Api, type V1StorageClass } from "@kubernetes/client-node";
import { helmRecords } from "../../../cluster/helmRelease";
import { broken, patched, type DoctorFault } from "./fault";

const dns = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";

function bare({ metadata, ...rest }: V1StorageClass): V1StorageClass {
  const { name, annotations, labels } = metadata ?? {};
  return { ...rest, metadata: { name, annotations, labels } };
}

/** Faults of what all parts share, and of what Helm knows of them. */
export const clusterFaults: readonly DoctorFault[] = [
  {
    title: "the cluster's DNS that is away",
    cause: "cluster/dns",
    within: broken(
      (p) => patched(p, dns, { spec: { replicas: 0 } }),
      (p) => patched(p, dns, { spec: { replicas: 1 } }),
    ),
  },
  {
    title: "a volume claim that waits",
    cause: "loki/volume",
    within: async (p, work) => {
      const storage = p.cluster.kubeConfig.makeApiClient(StorageV1Api);
      const { items: classes } = await storage.listStorageClass();
      const { loki } = p.workloads;
      try {
        for (const { metadata } of classes) await storage.deleteStorageClass({ name: metadata?.name ?? "" });
        await patched(p, `/apis/apps/v1/namespaces/${loki.namespace}/statefulsets/${loki.name}`, {
          spec: { replicas: loki.replicas + 1 },
        });
        await work();
      } finally {
        for (const one of classes) await storage.createStorageClass({ body: bare(one) });
        await p.cluster.scale(loki, loki.replicas);
        await p.cluster.core.deleteNamespacedPersistentVolumeClaim({
          namespace: loki.namespace,
          name: `storage-${loki.name}-${loki.replicas}`,
        });
      }
    },
  },
  {
    title: "a release whose upgrade was interrupted",
    cause: "loki/release",
    within: async (p, work) => {
      const namespace = p.settings.namespaces.loki;
      const records = await helmRecords(p.cluster.kubeConfig, [namespace]);
      const { secret } = records.sort((a, b) => b.revision - a.revision)[0]!;
      const path = `/api/v1/namespaces/${namespace}/secrets/${secret}`;
      try {
        await patched(p, path, { metadata: { labels: { status: "pending-upgrade" } } });
        await work();
      } finally {
        await patched(p, path, { metadata: { labels: { status: "deployed" } } });
      }
    },
  },
];

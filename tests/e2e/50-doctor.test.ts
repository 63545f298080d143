import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  StorageV1Api,
  type V1StorageClass,
} from "@kubernetes/client-node";
import { helmRecords } from "../../cluster/helmRelease";
import { gather } from "../../doctor/gather/gather";
import { gatherPod } from "../../doctor/gather/pod";
import { judge } from "../../doctor/judge";
import { trailOf } from "../../doctor/trail";
import { headersFor } from "../../logs/query";
import { optOutAnnotation } from "../../render/alloy/sources";
import { clusterRoleName } from "../../render/ownership";
import { platform, type Overrides } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

const why = "half a minute a fault; unit tests hold each judgement";

describe("doctor", () => {
  const p = platform();
  const namespaces = p.settings.namespaces;
  const daemonSet = `/apis/apps/v1/namespaces/${namespaces.alloy}/daemonsets/alloy`;

  before(async () => p.ensureUp());

  const target = async (overrides: Overrides = {}) => {
    const stack = await p.stack(overrides);
    return { kubeConfig: p.cluster.kubeConfig, settings: await stack.settings(), owner: stack.owner };
  };
  const look = async (overrides?: Overrides) => {
    const facts = await gather(await target(overrides));
    assert.deepEqual(facts.unseen, []);
    return { facts, findings: judge(facts) };
  };
  /** What is wrong now, as `part/check`, the causes only; what is over does not count. */
  const causes = async (overrides?: Overrides) => {
    const { findings } = await look(overrides);
    const now = findings.filter(({ severity }) => severity !== "note");
    return now.filter(({ followsFrom }) => followsFrom === undefined).map(({ part, check }) => `${part}/${check}`);
  };
  /** Waits until nothing is wrong: what was mended may need a while. */
  const healthy = async () =>
    waitFor("a healthy stack", 180, async () => ((await causes()).length === 0 ? true : undefined), 1_000);
  /** Doctor names the fault, and nothing else as a cause. */
  const names = async (cause: string, steps: { fault: () => Promise<unknown>; mend: () => Promise<unknown> }) => {
    await healthy();
    try {
      await steps.fault();
      await waitFor(cause, 90, async () => ((await causes()).includes(cause) ? true : undefined), 1_000);
      assert.deepEqual(await causes(), [cause]);
    } finally {
      await steps.mend();
    }
  };
  /** The remedy that doctor names for an object of the stack that is gone. */
  const madeAgain = async () => {
    await (await p.stack()).refresh();
    await (await p.stack()).up();
  };
  /** The first hop at which the lines of a pod fail; undefined if they arrive. */
  const firstFailure = async (namespace: string, name: string) => {
    const { facts, findings } = await look();
    const found = await gatherPod(await target(), { namespace, name }, facts);
    return trailOf({ facts: found, stack: facts, findings }).find(({ state }) => state === "fails")?.why?.problem;
  };
  const patched = (path: string, change: object) => p.cluster.ask("PATCH", path, change);

  core("finds nothing in a healthy stack, and says why the lines of a pod are missing", async () => {
    await healthy();
    await p.cluster.withNamespace("e2e-doctor", async () => {
      const script = "while true; do echo hello; sleep 1; done";
      await p.cluster.runShells("e2e-doctor", [
        { name: "private", script, annotations: { [optOutAnnotation]: "false" } },
        { name: "public", script },
      ]);
      assert.equal(await firstFailure("e2e-doctor", "private"), "the pod has opted out of collection");
      assert.equal(await firstFailure("e2e-doctor", "public"), undefined);
      assert.equal(await firstFailure("e2e-doctor", "pubic"), "there is no pod pubic in namespace e2e-doctor");
    });
  });

  full(why, "names MinIO that is away, before what Loki suffers from it", async () => {
    await names("minio/workload", {
      fault: () => p.cluster.scale(p.workloads.minio, 0),
      mend: () => p.cluster.scale(p.workloads.minio, p.workloads.minio.replicas),
    });
  });

  full(why, "names Loki that is away, before what Alloy suffers from it", async () => {
    await names("loki/workload", {
      fault: () => p.cluster.scale(p.workloads.loki, 0),
      mend: () => p.cluster.scale(p.workloads.loki, p.workloads.loki.replicas),
    });
  });

  full(why, "names Alloy's ClusterRole that is gone", async () => {
    const rbac = p.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
    const name = clusterRoleName({ stack: p.stackName }, namespaces.alloy);
    await names("alloy/cluster-role", {
      fault: () => rbac.deleteClusterRole({ name }),
      mend: madeAgain,
    });
  });

  full(why, "names a network policy that is gone", async () => {
    const networking = p.cluster.kubeConfig.makeApiClient(NetworkingV1Api);
    const at = { namespace: namespaces.alloy, name: "alloy" };
    await names("alloy/policy", {
      fault: () => networking.deleteNamespacedNetworkPolicy(at),
      mend: madeAgain,
    });
  });

  full(why, "names a bucket that is gone", async () => {
    const bucket = p.settings.minio.buckets.ruler;
    await names("minio/bucket", {
      fault: () => p.asRoot(({ client }) => client.removeBucket(bucket)),
      mend: () => p.asRoot(({ client }) => client.makeBucket(bucket)),
    });
  });

  full(why, "names a store key that MinIO refuses", async () => {
    const at = { namespace: namespaces.loki, name: "loki-object-store" };
    const { S3_SECRET_ACCESS_KEY: key } = await p.cluster.secret(at);
    const path = `/api/v1/namespaces/${at.namespace}/secrets/${at.name}`;
    await names("loki/store-login", {
      fault: () => patched(path, { stringData: { S3_SECRET_ACCESS_KEY: "not-the-key" } }),
      // Loki's pod has the old content, so it has to start after the Secret was written.
      mend: async () => {
        await patched(path, { stringData: { S3_SECRET_ACCESS_KEY: key } });
        await p.cluster.restart(p.workloads.loki);
      },
    });
  });

  full(why, "names an Alloy that no node takes", async () => {
    const selector = (nodeSelector: object | null) => ({ spec: { template: { spec: { nodeSelector } } } });
    await names("alloy/collector-missing", {
      fault: () => patched(daemonSet, selector({ nowhere: "true" })),
      mend: () => patched(daemonSet, selector(null)),
    });
  });

  full(why, "names an image that can't be pulled", async () => {
    const { items } = await p.cluster.apps.listNamespacedDaemonSet({ namespace: namespaces.alloy });
    const containers = items[0]!.spec!.template.spec!.containers;
    const withImage = (image: string) => ({
      spec: { template: { spec: { containers: [{ ...containers[0], image }, ...containers.slice(1)] } } },
    });
    await names("alloy/pods", {
      fault: () => patched(daemonSet, withImage("registry.invalid/alloy:none")),
      mend: () => patched(daemonSet, withImage(containers[0]!.image!)),
    });
  });

  full(why, "names a volume claim that waits", async () => {
    const storage = p.cluster.kubeConfig.makeApiClient(StorageV1Api);
    const { items: classes } = await storage.listStorageClass();
    const { loki } = p.workloads;
    const bare = ({ metadata, ...rest }: V1StorageClass) => ({
      ...rest,
      metadata: { name: metadata?.name, annotations: metadata?.annotations, labels: metadata?.labels },
    });
    await names("loki/volume", {
      fault: async () => {
        for (const { metadata } of classes) await storage.deleteStorageClass({ name: metadata?.name ?? "" });
        await patched(`/apis/apps/v1/namespaces/${loki.namespace}/statefulsets/${loki.name}`, {
          spec: { replicas: 2 },
        });
      },
      mend: async () => {
        for (const one of classes) await storage.createStorageClass({ body: bare(one) });
        await p.cluster.scale(loki, loki.replicas);
        const core = p.cluster.kubeConfig.makeApiClient(CoreV1Api);
        await core.deleteNamespacedPersistentVolumeClaim({
          namespace: loki.namespace,
          name: `storage-${loki.name}-${loki.replicas}`,
        });
      },
    });
  });

  full(why, "names the cluster's DNS that is away", async () => {
    const path = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
    await names("cluster/dns", {
      fault: () => patched(path, { spec: { replicas: 0 } }),
      mend: () => patched(path, { spec: { replicas: 1 } }),
    });
  });

  full(why, "names a release whose upgrade was interrupted", async () => {
    const namespace = namespaces.loki;
    const records = await helmRecords(p.cluster.kubeConfig, [namespace]);
    const { secret } = records.sort((a, b) => b.revision - a.revision)[0]!;
    const path = `/api/v1/namespaces/${namespace}/secrets/${secret}`;
    await names("loki/release", {
      fault: () => patched(path, { metadata: { labels: { status: "pending-upgrade" } } }),
      mend: () => patched(path, { metadata: { labels: { status: "deployed" } } }),
    });
  });

  full(why, "names lines that are too old", async () => {
    let pushing = true;
    const old = `${Date.now() - (p.settings.loki.limits.rejectOldSamplesHours + 24) * 3_600_000}000000`;
    const push = async () => {
      while (pushing) {
        await fetch(`${p.loki.url}/loki/api/v1/push`, {
          method: "POST",
          headers: { ...headersFor(p.loki), "content-type": "application/json" },
          body: JSON.stringify({ streams: [{ stream: { namespace: "e2e-old" }, values: [[old, "late"]] }] }),
        });
        await sleep(500);
      }
    };
    let done: Promise<void> | undefined;
    await names("loki/discards", {
      fault: () => {
        done = push();
        return Promise.resolve();
      },
      mend: async () => {
        pushing = false;
        await done;
      },
    });
  });

  full("two ups; a unit test holds the judgement", "names a password of Alloy that the gateway refuses", async () => {
    const gateway = { gateway: { authentication: "basic" } };
    await p.withSettings(gateway, async () => {
      assert.deepEqual(await causes(gateway), []);
      await patched(`/api/v1/namespaces/${namespaces.alloy}/secrets/loki-gateway-login`, {
        stringData: { LOKI_PASSWORD: "an-old-one" },
      });
      assert.deepEqual(await causes(gateway), ["alloy/gateway-login"]);
    });
  });
});

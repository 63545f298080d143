import assert from "node:assert/strict";
import { NetworkingV1Api } from "@kubernetes/client-node";
import { KubeApi } from "../../cluster/kubeApi";
import { openStore } from "../../cluster/store";
import { nameInGeneration } from "../../domain/credentials";
import { secretNames } from "../../domain/names";
import { terminalText } from "../../drift/format/terminal";
import { driftOf } from "../../drift/gather/deployed";
import type { DriftReport } from "../../drift/report";
import { mendingUp } from "../../drift/up";
import { storeNames } from "../../render/minio/storePolicy";
import { clusterRoleName } from "../../render/ownership";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

const person = "kubectl-edit";
const controller = "cloud-controller-manager";

describe("drift", () => {
  const p = platform();
  const why = "it restarts Loki and Alloy twice; unit tests hold the comparison";

  before(async () => p.ensureUp());

  const look = async () => driftOf(await p.stack());
  const text = (report: DriftReport) => terminalText(report, { colours: false });

  full(why, "is none on a fresh stack, also after up has run again", async () => {
    await p.up();
    const report = await look();
    assert.deepEqual([report.objects, report.unseen], [[], []], text(report));
    assert.ok(report.unchanged > 20, String(report.unchanged));
  });

  full(why, "of eighteen kinds is all found, with who did it; up mends it, and none is left", async () => {
    const { namespaces, minio, rotation } = p.settings;
    const { loki, alloy } = namespaces;
    const stack = await p.stack();
    const api = new KubeApi(p.cluster.kubeConfig);
    const target = p.workloads.loki;
    const isStateful = target.kind === "StatefulSet";
    const targetPath = `apis/apps/v1/namespaces/${loki}/${isStateful ? "statefulsets" : "deployments"}/${target.name}`;
    const patch = async (path: string, content: object, manager = person) =>
      api.write({
        method: "PATCH",
        path: `${path}?fieldManager=${manager}`,
        type: "application/strategic-merge-patch+json",
        content,
      });
    const map = `api/v1/namespaces/${alloy}/configmaps/alloy`;
    const role = clusterRoleName(stack.owner, alloy);
    const user = nameInGeneration(storeNames.user, rotation.lokiStore);
    const { data: config } = await api.get<{ data: Record<string, string> }>(map);
    const { rules } = await api.get<{ rules: object[] }>(`apis/rbac.authorization.k8s.io/v1/clusterroles/${role}`);
    const { data: lokiData } = await api.get<{ data: Record<string, string> }>(
      `api/v1/namespaces/${loki}/secrets/loki`,
    );
    const { spec } = await api.get<{ spec: { template: { spec: { containers: { name: string }[] } } } }>(targetPath);
    const container = spec.template.spec.containers[0]!.name;
    const inPod = `spec.template.spec.containers[${container}]`;
    const lokiConfig = `${Buffer.from(lokiData["config.yaml"]!, "base64").toString()}\n# edited\n`;

    await patch(targetPath, {
      spec: {
        replicas: 0,
        template: {
          metadata: { annotations: { edited: "yes" } },
          spec: {
            containers: [
              { name: container, env: [{ name: "EDITED", value: "1" }], resources: { requests: { cpu: "3m" } } },
            ],
          },
        },
      },
    });
    await patch(map, { data: { "config.alloy": `${config["config.alloy"]}\n// edited\n`, more: "x" } });
    await patch(`api/v1/namespaces/${loki}/secrets/loki`, {
      data: { "config.yaml": Buffer.from(lokiConfig).toString("base64") },
    });
    await patch(`api/v1/namespaces/${loki}/secrets/${secretNames.lokiStore}`, {
      stringData: { S3_SECRET_ACCESS_KEY: "planted-and-never-shown" },
    });
    await p.cluster.kubeConfig
      .makeApiClient(NetworkingV1Api)
      .deleteNamespacedNetworkPolicy({ namespace: loki, name: "default-deny" });
    await patch(`apis/networking.k8s.io/v1/namespaces/${alloy}/networkpolicies/default-deny`, {
      spec: { egress: [{}] },
    });
    await patch(`api/v1/namespaces/${alloy}/services/alloy`, {
      spec: { ports: [{ name: "edited", port: 9999, protocol: "TCP" }] },
    });
    await p.cluster.core.deleteNamespacedService({ namespace: namespaces.minio, name: "minio-console" });
    await patch(`api/v1/namespaces/${loki}`, {
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    });
    await patch(`apis/rbac.authorization.k8s.io/v1/clusterroles/${role}`, {
      rules: [...rules, { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
    });
    // What others note on an object is no drift, nor what a controller keeps.
    const account = `api/v1/namespaces/${alloy}/serviceaccounts/alloy`;
    await patch(account, { metadata: { annotations: { noted: "yes" } } });
    await patch(
      `api/v1/namespaces/${loki}/serviceaccounts/loki`,
      { metadata: { annotations: { "example.com/kept": "yes" } } },
      controller,
    );
    const store = await openStore(p.cluster.kubeConfig, p.settings);
    try {
      const { chunks, ruler } = minio.buckets;
      const Resource = [`arn:aws:s3:::${chunks}/*`];
      const Statement = [{ Effect: "Allow", Principal: { AWS: ["*"] }, Action: ["s3:GetObject"], Resource }];
      await store.client.setBucketPolicy(chunks, JSON.stringify({ Version: "2012-10-17", Statement }));
      await store.client.setBucketVersioning(ruler, { Status: "Enabled" });
      await store.client.removeBucketLifecycle(ruler);
      await store.change(
        "set-user-or-group-policy",
        `isGroup=false&policyName=${storeNames.policy}%2CconsoleAdmin&userOrGroup=${user}`,
      );
    } finally {
      await store.close();
    }

    const found = await look();
    const told = found.objects.flatMap(({ change, kind, name, fields }) =>
      change === "removed"
        ? [`${kind} ${name} gone`]
        : fields.map(({ path, by = "?" }) =>
            `${kind} ${name} ${path} ${kind === "S3Bucket" || kind === "IamUser" ? "" : by}`.trim(),
          ),
    );
    const workload = `${target.kind} ${target.name}`;
    assert.deepEqual(
      told.sort(),
      [
        `${workload} spec.replicas ${person}`,
        `${workload} spec.template.metadata.annotations.edited ${person}`,
        `${workload} ${inPod}.env[EDITED] ${person}`,
        `${workload} ${inPod}.resources.requests.cpu ${person}`,
        `ConfigMap alloy data["config.alloy"] ${person}`,
        `ConfigMap alloy data.more ${person}`,
        `Secret loki data["config.yaml"] ${person}`,
        `Secret ${secretNames.lokiStore} data.S3_SECRET_ACCESS_KEY ${person}`,
        "NetworkPolicy default-deny gone",
        `NetworkPolicy default-deny spec.egress ${person}`,
        `Service alloy spec.ports[9999] ${person}`,
        "Service minio-console gone",
        `Namespace ${loki} metadata.labels["pod-security.kubernetes.io/enforce"] ${person}`,
        `ClusterRole ${role} rules[${rules.length}] ${person}`,
        `S3Bucket ${minio.buckets.chunks} policy`,
        `S3Bucket ${minio.buckets.ruler} versioning`,
        `IlmPolicy ${minio.buckets.ruler} gone`,
        `IamUser ${user} policies`,
      ].sort(),
      text(found),
    );
    assert.ok(!JSON.stringify(found).includes("planted-and-never-shown"));

    await mendingUp(stack, () => undefined);
    const left = await look();
    assert.deepEqual([left.objects, left.unseen], [[], []], text(left));
    const { metadata } = await api.get<{ metadata: { annotations: object } }>(account);
    assert.ok("noted" in metadata.annotations);
    await waitFor(
      "Loki again",
      300,
      async () => (await p.askLoki("/ready").catch(() => undefined))?.status === 200 || undefined,
    );
  });
});

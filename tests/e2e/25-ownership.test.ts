import assert from "node:assert/strict";
import { RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { ForeignObjectsError } from "../../changes/ownership/foreign";
import { foundObject, KubeApi } from "../../cluster/kubeApi";
import { openStack } from "../../automation/openStack";
import { CollisionError } from "../../changes/ownership/gate";
import { queryRange } from "../../logs/query";
import { resourcesOf } from "../../automation/state";
import { kindPaths, objectsOf, type Kind } from "../../render/objects";
import { usedParts } from "../../domain/parts";
import { clusterRoleName, helmAnnotations, ownerAnnotation } from "../../render/ownership";
import { command } from "../support/command";
import { plainly } from "../support/neighbour";
import { platform, type Platform } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

const theirs = "e2e-theirs";

describe("what others own in the cluster", () => {
  const p = platform();
  const api = new KubeApi(p.cluster.kubeConfig);

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(theirs);
    await p.cluster.core.createNamespacedSecret({
      namespace: theirs,
      body: { metadata: { name: "minio-root" }, stringData: { rootUser: "theirs" } },
    });
    await p.cluster.core.createNamespacedConfigMap({
      namespace: theirs,
      body: { metadata: { name: "settings" }, data: { theirs: "yes" } },
    });
    await p.cluster.runShells(theirs, [
      { name: "server", script: "nc -ll -p 8080 -e echo hello" },
      { name: "client", script: "sleep 36000" },
    ]);
  });

  after(async () => p.cluster.removeNamespace(theirs));

  /** Every object of a namespace by kind, name and version: if these are the same, nobody touched it. */
  const contents = async (namespace: string): Promise<string[]> => {
    const kinds = ["Secret", "ConfigMap", "ServiceAccount", "NetworkPolicy", "Service"] as const;
    const found = await Promise.all(
      kinds.map(async (kind) =>
        p.cluster.ask("GET", `/${kindPaths[kind].replace(/\/(\w+)$/, `/namespaces/${namespace}/$1`)}`),
      ),
    );
    const objects = found.flatMap((text, index) =>
      (JSON.parse(text) as { items: { metadata: { name: string; resourceVersion: string } }[] }).items.map(
        ({ metadata }) => `${kinds[index]} ${metadata.name} ${metadata.resourceVersion}`,
      ),
    );
    const { metadata } = await p.cluster.core.readNamespace({ name: namespace });
    return [...objects, `Namespace ${metadata?.resourceVersion}`].sort();
  };
  const serves = async () =>
    assert.match(
      await p.cluster.inShell(theirs, "client", `timeout 5 nc -w 3 ${await addressOf(p, "server")} 8080 </dev/null`),
      /hello/,
    );

  core("makes preflight, preview and up refuse, with everything in one list, before anything is touched", async () => {
    const roles = p.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
    const second = p.beside("e2e-second", "dev", { namespaces: { minio: theirs } });
    const role = clusterRoleName({ stack: second.name }, p.settings.namespaces.alloy);
    await roles.createClusterRole({ body: { metadata: { name: role } } });
    try {
      const before = await contents(theirs);
      const says = [
        /4 things are in the stack's way|4 things keep the cluster/,
        /namespace e2e-theirs, which logharbor:namespaces\.minio names, already exists and does not belong to this stack/,
        /\(it carries no mark\); up would change these objects in it: Secret minio-root/,
        new RegExp(`namespace ${p.settings.namespaces.loki}, .* \\(its mark is that of logharbor/${p.stackName}\\)`),
        new RegExp(`namespace ${p.settings.namespaces.alloy}, .* Helm release alloy`),
        new RegExp(`ClusterRole ${role} exists`),
        /-> name another: pulumi config set --path logharbor:namespaces\.minio e2e-second-minio/,
        /-> or use it unchanged: pulumi config set --path 'logharbor:existingNamespaces\[0\]' minio/,
      ];
      const isTold = (text: string) => says.every((pattern) => (assert.match(text, pattern), true));
      const stack = await openStack(second, { create: true });
      isTold((await stack.preflight()).report);
      for (const attempt of [() => stack.preview(), () => stack.up()])
        await assert.rejects(attempt(), (error: Error) => error instanceof CollisionError && isTold(error.message));
      // Like plain `pulumi preview` and `pulumi up`, where the program itself must notice.
      const plain = await plainly(second);
      for (const attempt of [async () => plain.preview(), async () => plain.up()])
        await assert.rejects(attempt(), (error: Error) => isTold(error.message));
      assert.deepEqual(await contents(theirs), before);
      assert.deepEqual(
        resourcesOf(await plain.exportStack()).filter(({ type }) => !type.startsWith("pulumi:")),
        [],
      );
      // The engine's own entries are left.
      await plain.workspace.removeStack(second.name, { force: true });
    } finally {
      await roles.deleteClusterRole({ name: role });
    }
  });

  core(
    "is distinct from what the stack made: the stack knows each object of its releases, and calls none of its own foreign",
    async () => {
      const inNamespaces = await Promise.all(
        usedParts(p.settings).map(async (part) => {
          const namespace = p.settings.namespaces[part];
          // The cluster of the core tests has neither cert-manager nor the Prometheus operator nor the Gateway API.
          const absent: Kind[] = ["Certificate", "ServiceMonitor", "PrometheusRule", "HTTPRoute"];
          const kinds = (Object.keys(kindPaths) as Kind[]).filter(
            (kind) => !kind.startsWith("Cluster") && !absent.includes(kind),
          );
          const found = (
            await Promise.all(
              kinds.map(async (kind) =>
                (await api.list(kindPaths[kind], { namespace })).map((metadata) => foundObject(kind, metadata)),
              ),
            )
          ).flat();
          return found
            .filter(
              ({ annotations }) =>
                annotations[helmAnnotations.release] !== undefined || annotations[ownerAnnotation] !== undefined,
            )
            .map(({ kind, name }) => `${part}: ${kind} ${name}`);
        }),
      );
      // ConfigMaps of the upstream charts that the doubles leave out.
      const left = ["minio: ConfigMap minio"];
      const wanted = objectsOf(p.settings, { project: "logharbor", stack: p.stackName }).map(
        ({ part, kind, name }) => `${part}: ${kind} ${name}`,
      );
      assert.deepEqual(
        inNamespaces.flat().sort(),
        wanted.filter((object) => inNamespaces.flat().includes(object) || !left.includes(object)).sort(),
      );
      assert.deepEqual(await (await p.stack()).foreign(), { objects: [], unseen: [] });
    },
  );

  core("includes a bucket in MinIO", async () => {
    const bucket = "e2e-their-bucket";
    const { chunks, ruler } = p.settings.minio.buckets;
    await p.asRoot(async ({ client }) => {
      await client.makeBucket(bucket);
      try {
        const stack = await p.stack({ minio: { buckets: { chunks, ruler: bucket } } });
        await assert.rejects(
          stack.preview(),
          (error: Error) =>
            error instanceof CollisionError &&
            /MinIO holds bucket e2e-their-bucket, which is not in this stack's state/.test(error.message),
        );
        assert.ok(chunks !== ruler && (await client.bucketExists(bucket)));
      } finally {
        await client.removeBucket(bucket);
      }
    });
  });

  core("stops a destroy, which lists it and deletes nothing", async () => {
    const namespace = p.settings.namespaces.minio;
    await p.cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "theirs" } } });
    try {
      const before = await contents(namespace);
      await assert.rejects((await p.stack()).destroy(), (error: unknown) => {
        assert.ok(error instanceof ForeignObjectsError);
        assert.deepEqual(error.objects, [{ kind: "ConfigMap", namespace, name: "theirs" }]);
        return true;
      });
      const { status, stderr } = await command(p.cacheHome, ["destroy", "--yes"]);
      assert.equal(status, 1);
      assert.match(
        stderr,
        new RegExp(
          `hold an object that does not belong to it, so nothing was touched:\\n {2}${namespace}: ConfigMap theirs\\n.*\\n.*--with-foreign`,
        ),
      );
      assert.deepEqual(await contents(namespace), before);
    } finally {
      await p.cluster.core.deleteNamespacedConfigMap({ namespace, name: "theirs" });
    }
  });

  full(
    "takes two updates; every up writes the same",
    "includes labels and annotations on the stack's objects, which survive updates and a refresh",
    async () => {
      const namespace = p.settings.namespaces.loki;
      const paths = [
        `/api/v1/namespaces/${namespace}`,
        `/api/v1/namespaces/${namespace}/secrets/loki-object-store`,
        `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/loki`,
      ];
      const mark = async (value: string | null) => {
        const metadata = { labels: { "example.com/team": value }, annotations: { "example.com/note": value } };
        for (const path of paths) await p.cluster.ask("PATCH", `${path}?fieldManager=somebody`, { metadata });
      };
      const marked = async () => {
        for (const path of paths) {
          const { metadata } = JSON.parse(await p.cluster.ask("GET", path)) as {
            metadata: { labels: Record<string, string>; annotations: Record<string, string> };
          };
          assert.deepEqual(
            [metadata.labels["example.com/team"], metadata.annotations["example.com/note"]],
            ["ours", "ours"],
            path,
          );
        }
      };
      await mark("ours");
      try {
        await p.up();
        await marked();
        await p.withSettings({ ingressNamespaces: [theirs] }, async (changed) => {
          assert.ok(
            changed.some((step) => step.startsWith("update NetworkPolicy logharbor-loki-policy")),
            changed.join(", "),
          );
          await marked();
        });
        await (await p.stack()).refresh();
        await marked();
        await p.withSettings({ ingressNamespaces: [theirs] }, async () => marked());
        await marked();
      } finally {
        await mark(null);
      }
    },
  );

  full(
    "a second stack with its up and destroy; the refusal above is core",
    "survives a second stack in a namespace of theirs, and so does the first stack",
    async function () {
      this.timeout(1_800_000); // a prod stack on a node that already has one
      const other = p.settings.profile === "prod" ? "dev" : "prod";
      const names = { minio: theirs, loki: `${other}-loki`, alloy: `${other}-alloy`, grafana: `${other}-grafana` };
      const args = p.beside(`e2e-${other}`, other, { namespaces: names, existingNamespaces: ["minio"] });
      await assert.rejects(
        (await openStack(args, { create: true })).up(),
        /namespace e2e-theirs holds Secret minio-root, which does not belong to this stack/,
      );
      await p.cluster.core.deleteNamespacedSecret({ namespace: theirs, name: "minio-root" });

      await serves();
      const before = await contents(theirs);
      const second = await p.openBeside(args);
      await second.up();
      const reads = async (stack: Platform, text: string, start: Date) =>
        waitFor(`"${text}" in ${stack.stackName}`, 120, async () => {
          const lines = await queryRange(stack.loki, { query: `{namespace="${theirs}"} |= "${text}"`, start });
          return lines.length > 0 ? true : undefined;
        });
      const began = new Date();
      await p.cluster.runShells(theirs, [
        { name: "writer", script: "while true; do echo both read this; sleep 1; done" },
      ]);
      for (const stack of [p, second]) await reads(stack, "both read this", began);
      // Their pods work as before: no policy of the stack selects them, and their namespace has none of its labels.
      const atOnce = await Promise.all([p, second].map(async (stack) => (await stack.stack()).refresh()));
      assert.ok(
        atOnce.every(({ changes }) => !changes.delete && !changes.create),
        "work on both stacks at once lost something",
      );

      await serves();
      const beside = await contents(theirs);
      for (const object of before) assert.ok(beside.includes(object), `${object} was changed`);
      const { metadata } = await p.cluster.core.readNamespace({ name: theirs });
      assert.deepEqual(
        Object.keys(metadata?.labels ?? {}).filter((label) => label.startsWith("logharbor.io")),
        [],
      );

      await second.destroy();
      await serves();
      await waitFor("their things alone", 60, async () =>
        JSON.stringify(await contents(theirs)) === JSON.stringify(before) ? true : undefined,
      ).catch(async () => assert.deepEqual(await contents(theirs), before));
      assert.deepEqual((await p.cluster.core.listNamespacedPersistentVolumeClaim({ namespace: theirs })).items, []);
      const roles = await p.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api).listClusterRole();
      assert.deepEqual(
        roles.items
          .filter(({ metadata: role }) => role?.annotations?.[ownerAnnotation] !== undefined)
          .map(({ metadata: role }) => role?.name),
        [clusterRoleName({ stack: p.stackName }, p.settings.namespaces.alloy)],
      );
      await p.cluster.runShells(theirs, [{ name: "late", script: "echo after the destroy; sleep 36000" }]);
      await reads(p, "after the destroy", began);
    },
  );
});

async function addressOf({ cluster }: Platform, pod: string): Promise<string> {
  return (await cluster.core.readNamespacedPod({ namespace: theirs, name: pod })).status?.podIP ?? "";
}

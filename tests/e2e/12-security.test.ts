import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { AuthorizationV1Api, type V1Pod, type V1ResourceAttributes } from "@kubernetes/client-node";
import { codeOf } from "../../domain/problem";
import { secretNames } from "../../domain/names";
import { platform } from "../support/platform";
import { core } from "../support/sizes";
import { objectBytes, objectNames } from "../support/store";

/** How Pulumi's state marks an encrypted value. */
const encrypted = '"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"';

describe("security", () => {
  const p = platform();

  before(async () => p.ensureUp());

  describe("Loki's user of the store", () => {
    const bucket = p.settings.minio.buckets.chunks;
    const other = "e2e-other-bucket";
    const denied = async (call: Promise<unknown>, what: string) =>
      assert.rejects(call, (error: { code?: string }) => {
        assert.equal(error.code, "AccessDenied", what);
        return true;
      });

    core("may list, get, put and delete in its own buckets", async () => {
      await p.asLoki(async ({ client }) => {
        for (const own of Object.values(p.settings.minio.buckets)) {
          await client.putObject(own, "e2e/probe", "hello");
          assert.deepEqual(
            (await objectNames(client, own, "e2e/")).map(({ name }) => name),
            ["e2e/probe"],
          );
          assert.equal((await objectBytes(client, own, "e2e/probe")).toString(), "hello");
          await client.removeObject(own, "e2e/probe");
          assert.deepEqual(await objectNames(client, own, "e2e/"), []);
        }
      });
    });

    core("is refused on any other bucket", async () => {
      await p.asRoot(async ({ client: root }) => {
        await root.makeBucket(other);
        try {
          await root.putObject(other, "kept", "hello");
          await p.asLoki(async ({ client }) => {
            await denied(objectNames(client, other), "list");
            await denied(client.getObject(other, "kept"), "get");
            await denied(client.putObject(other, "mine", "hello"), "put");
            await denied(client.removeObject(other, "kept"), "delete");
          });
          assert.deepEqual(
            (await objectNames(root, other)).map(({ name }) => name),
            ["kept"],
          );
        } finally {
          await root.removeObject(other, "kept");
          await root.removeBucket(other);
        }
      });
    });

    core("may not make, remove or configure a bucket", async () => {
      await p.asLoki(async ({ client }) => {
        await denied(client.makeBucket("e2e-new-bucket"), "make");
        await denied(client.removeBucket(bucket), "remove");
        await denied(client.getBucketPolicy(bucket), "read the policy");
        await denied(
          client.setBucketLifecycle(bucket, {
            Rule: [{ ID: "all", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } }],
          }),
          "set a lifecycle",
        );
        await denied(client.getBucketVersioning(bucket), "read versioning");
      });
    });

    core("is not an administrator", async () => {
      const calls = ["admin/v3/info", "admin/v3/list-users", "admin/v3/list-canned-policies"];
      for (const path of calls) {
        assert.equal(await p.asRoot(({ admin }) => admin(path)), 200, `${path} as root`);
        assert.equal(await p.asLoki(({ admin }) => admin(path)), 403, `${path} as Loki`);
      }
    });
  });

  describe("credentials", () => {
    const passwords = async (): Promise<string[]> => {
      const { namespaces } = p.settings;
      const root = await p.cluster.secret({ namespace: namespaces.minio, name: secretNames.minioRoot });
      const loki = await p.cluster.secret({ namespace: namespaces.loki, name: secretNames.lokiStore });
      const found = [root.rootPassword!, loki.S3_SECRET_ACCESS_KEY!];
      for (const password of found) assert.ok(password.length >= 32);
      return found;
    };
    /** Places that hold a password, as plain text or as base64. */
    const places = (objects: readonly { place: string; content: unknown }[], secrets: readonly string[]) =>
      objects
        .filter(({ content }) => {
          const text = JSON.stringify(content);
          return secrets.some(
            (secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")),
          );
        })
        .map(({ place }) => place);
    const configMaps = async () => {
      const { items } = await p.cluster.core.listConfigMapForAllNamespaces();
      return items.map(({ metadata, data, binaryData }) => ({
        place: `${metadata?.namespace}/${metadata?.name}`,
        content: { data, binaryData },
      }));
    };

    core("are in no ConfigMap", async () => {
      const secrets = await passwords();
      const namespace = "e2e-planted";
      await p.cluster.withNamespace(namespace, async () => {
        await p.cluster.core.createNamespacedConfigMap({
          namespace,
          body: { metadata: { name: "planted" }, data: { config: `key: ${secrets[0]}` } },
        });
        assert.deepEqual(
          places(await configMaps(), secrets),
          [`${namespace}/planted`],
          "all except the one that proves that this search works",
        );
      });
    });

    core("are in no pod specification", async () => {
      const { items } = await p.cluster.core.listPodForAllNamespaces();
      assert.deepEqual(
        places(
          items.map(({ metadata, spec }) => ({ place: metadata?.name ?? "", content: spec })),
          await passwords(),
        ),
        [],
      );
    });

    core("are only in their own Secrets, and neither in Loki's configuration nor in Helm's records", async () => {
      const { namespaces } = p.settings;
      const { items } = await p.cluster.core.listSecretForAllNamespaces();
      const contents = items.map(({ metadata, data }) => ({
        place: `${metadata?.namespace}/${metadata?.name}`,
        content: Object.values(data ?? {}).map((value) => decoded(Buffer.from(value, "base64"))),
      }));
      const holders = [`${namespaces.loki}/${secretNames.lokiStore}`, `${namespaces.minio}/${secretNames.minioRoot}`];
      assert.deepEqual(places(contents, await passwords()).sort(), holders);
    });

    core("are encrypted in the exported state", async () => {
      const state = JSON.stringify(await p.exportState());
      for (const password of await passwords()) {
        assert.ok(!state.includes(password) && !state.includes(Buffer.from(password).toString("base64")));
      }
      assert.ok(state.includes(encrypted), "nothing in it is encrypted");
    });
  });

  describe("pods and rights", () => {
    const refusedBy = async (namespace: string, body: V1Pod): Promise<string | undefined> => {
      try {
        await p.cluster.core.createNamespacedPod({ namespace, dryRun: "All", body });
        return undefined;
      } catch (error) {
        if (codeOf(error) !== 403) throw error;
        return (error as Error).message;
      }
    };

    core("run under Pod Security restricted", async () => {
      const files = p.settings.alloy.source === "files";
      for (const { namespace } of Object.values(p.workloads)) {
        if (files && namespace === p.settings.namespaces.alloy) continue; // needs a host path, and so `privileged`
        const { metadata } = await p.cluster.core.readNamespace({ name: namespace });
        assert.equal(metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted", namespace);

        const pods = await p.cluster.pods(namespace);
        assert.ok(pods.length > 0, namespace);
        for (const { metadata: pod, spec } of pods) {
          const rest = { ...spec!, nodeName: undefined };
          assert.equal(
            await refusedBy(namespace, { metadata: { generateName: "e2e-", labels: pod?.labels }, spec: rest }),
            undefined,
            pod?.name,
          );
          for (const container of rest.containers)
            container.securityContext = { ...container.securityContext, allowPrivilegeEscalation: true };
          assert.match(
            (await refusedBy(namespace, { metadata: { generateName: "e2e-" }, spec: rest })) ?? "it was admitted",
            /violates PodSecurity/,
          );
        }
      }
    });

    core("let Alloy read only pods, their logs and namespaces", async () => {
      const { namespaces } = p.settings;
      const authorization = p.cluster.kubeConfig.makeApiClient(AuthorizationV1Api);
      const can = async (resourceAttributes: V1ResourceAttributes) => {
        const { status } = await authorization.createSubjectAccessReview({
          body: {
            spec: {
              user: `system:serviceaccount:${namespaces.alloy}:alloy`,
              groups: ["system:serviceaccounts", `system:serviceaccounts:${namespaces.alloy}`, "system:authenticated"],
              resourceAttributes,
            },
          },
        });
        return status?.allowed ?? false;
      };
      for (const verb of ["get", "list", "watch"]) {
        for (const namespace of [undefined, namespaces.alloy, namespaces.minio, namespaces.loki]) {
          for (const resource of ["secrets", "configmaps"]) {
            assert.equal(
              await can({ verb, resource, namespace }),
              false,
              `${verb} ${resource} in ${namespace ?? "all namespaces"}`,
            );
          }
        }
        assert.equal(await can({ verb, resource: "pods" }), true, `${verb} pods`);
      }
      assert.equal(
        await can({ verb: "get", resource: "pods", subresource: "log" }),
        p.settings.alloy.source === "kubernetes-api",
      );
      for (const [verb, resource, subresource] of [
        ["create", "pods", "exec"],
        ["delete", "pods"],
        ["get", "nodes", "proxy"],
        ["create", "pods"],
      ] as const) {
        assert.equal(await can({ verb, resource, subresource }), false, `${verb} ${resource}/${subresource}`);
      }
    });

    core("mount an API token only into Alloy", async () => {
      const { minio, loki, alloy } = p.settings.namespaces;
      const tokens = async (namespace: string) => {
        const pods = await p.cluster.pods(namespace);
        assert.ok(pods.length > 0);
        return pods.filter(({ spec }) =>
          (spec?.volumes ?? []).some(({ projected }) =>
            projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined),
          ),
        ).length;
      };
      assert.deepEqual([await tokens(minio), await tokens(loki)], [0, 0]);
      assert.ok((await tokens(alloy)) > 0, "the search does not find Alloy's token");
    });

    core("have read-only root file systems", async () => {
      for (const { namespace } of Object.values(p.workloads)) {
        const containers = (await p.cluster.pods(namespace)).flatMap(({ spec }) => spec?.containers ?? []);
        assert.deepEqual(
          containers
            .filter(({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true)
            .map(({ name }) => name),
          [],
        );
      }
    });
  });

  describe("Loki", () => {
    const query = "/loki/api/v1/query_range?query=%7Bnamespace%3D~%22.%2B%22%7D";

    core("refuses requests without a tenant, and shows another tenant nothing", async () => {
      const push = {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ streams: [] }),
      };
      assert.equal((await p.askLoki(query, { headers: {} })).status, 401);
      assert.equal((await p.askLoki("/loki/api/v1/push", push)).status, 401);

      const count = async (tenant: string) => {
        const response = await p.askLoki(query, { headers: { "X-Scope-OrgID": tenant } });
        assert.equal(response.status, 200);
        return ((await response.json()) as { data: { result: unknown[] } }).data.result.length;
      };
      assert.ok((await count(p.settings.tenant)) > 0);
      assert.equal(await count("somebody-else"), 0);
    });

    core("keeps logs as long as the setting says, and lets its compactor delete them", async () => {
      const config = await (await p.askLoki("/config")).text();
      const { warmDays, deleteDelayHours } = p.settings.retention;
      assert.match(config, /^ *retention_enabled: true$/m);
      assert.match(config, new RegExp(`^ *retention_period: ${durationPattern(warmDays * 24)}$`, "m"));
      assert.match(config, new RegExp(`^ *retention_delete_delay: ${durationPattern(deleteDelayHours)}$`, "m"));
      assert.match(config, /^ *delete_request_store: s3$/m);

      const compactors = p.lokiTargets.find(({ name }) => name === "loki" || name === "loki-backend")!;
      for (const services of await p.askEach(compactors, "services")) assert.match(services, /compactor => Running/);
      for (const ring of await p.askEach(compactors, "compactor/ring")) assert.match(ring, /ACTIVE/);
    });
  });
});

/** Hours as Loki prints them: "168h", "168h0m0s" or "1w". */
function durationPattern(hours: number): string {
  const units = [`${hours}h(0m0s)?`];
  if (hours % 24 === 0) units.push(`${hours / 24}d`);
  if (hours % 168 === 0) units.push(`${hours / 168}w`);
  return `(${units.join("|")})`;
}

/** Helm's record is base64 of gzip of JSON. */
function decoded(value: Buffer): string {
  const inner = Buffer.from(value.toString("latin1"), "base64");
  const isHelm = inner[0] === 0x1f && inner[1] === 0x8b;
  return isHelm ? gunzipSync(inner).toString("utf8") : value.toString("utf8");
}

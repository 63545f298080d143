import assert from "node:assert/strict";

import { lokiConfig } from "../../../../render/loki/config";
import { outputsOf } from "../../../../render/outputs";
import { tierLifecycle, tierName, tierPort } from "../../../../render/minio/tier";
import { keptDays } from "../../../../domain/retention";
import { tierJob } from "../../../../render/minio/tierJob";
import type { Settings } from "../../../../config/settings";
import { settingsFor, someTier, stackResources, type Overrides } from "../../../support/stack";
import { at, textAt } from "../../../support/tree";
import { planOf } from "../../../../render/plan";

type Tree = { [key: string]: Tree };

const tiered: Overrides = { minio: { tier: someTier }, retention: { coldDays: 365 } };
const settings = settingsFor("prod", tiered);
const tier = settings.minio.tier!;
const lifecycleOf = (settings: Settings) =>
  JSON.parse(tierLifecycle(planOf(settings).remoteTier!, tier)) as {
    Rules: { ID: string; Filter?: { Prefix: string }; Transition?: { Days: number; StorageClass: string } }[];
  };

describe("the cold tier", () => {
  it("keeps logs for all its days, in Loki's eyes", () => {
    assert.equal(at(lokiConfig(planOf(settings).loki), "limits_config", "retention_period"), `${365 * 24}h`);
    assert.equal(at(lokiConfig(planOf(settingsFor("prod")).loki), "limits_config", "retention_period"), `${30 * 24}h`);
    assert.deepEqual([keptDays(settings.retention), keptDays(settingsFor("prod").retention)], [365, 30]);
  });

  it("moves the chunks of each tenant after the warm days, and never the index", () => {
    const { Rules } = lifecycleOf(
      settingsFor("prod", { ...tiered, gateway: { authentication: "basic", tenants: ["team-a"] } }),
    );
    assert.deepEqual(Rules[0], {
      ID: "old-versions",
      Status: "Enabled",
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    assert.deepEqual(
      Rules.slice(1).map(({ Filter, Transition }) => [Filter?.Prefix, Transition?.Days, Transition?.StorageClass]),
      [
        ["logharbor/", 30, tierName(tier)],
        ["team-a/", 30, tierName(tier)],
      ],
    );
    for (const { Filter } of Rules.slice(1)) assert.ok(!"index/loki_index_19000/x.tsdb.gz".startsWith(Filter!.Prefix));
  });

  it("moves nothing any more when the cold days are taken away, but keeps the tier", () => {
    assert.deepEqual(
      lifecycleOf(settingsFor("prod", { minio: { tier: someTier } })).Rules.map(({ ID }) => ID),
      ["old-versions"],
    );
  });

  it("has another name in MinIO at another address, and the same with other credentials", () => {
    assert.match(tierName(tier), /^COLD-[0-9A-F]{8}$/);
    for (const change of [
      { kind: "minio" as const },
      { endpoint: "https://a" },
      { bucket: "abc" },
      { prefix: "x" },
      { prefix: undefined },
    ])
      assert.notEqual(tierName({ ...tier, ...change }), tierName(tier));
    assert.equal(tierName({ ...tier, secret: "other" }), tierName(tier));
  });

  it("is reached at its own port, or that of its scheme", () => {
    assert.deepEqual(
      ["https://a", "http://a", "http://a:9000"].map((endpoint) => tierPort({ ...tier, endpoint })),
      [443, 80, 9000],
    );
  });

  it("tells in the outputs which Secret holds its credentials", () => {
    assert.deepEqual(outputsOf(settings).secrets.remoteTier, { namespace: "logharbor-minio", name: "cold-tier" });
    assert.ok(!("remoteTier" in outputsOf(settingsFor("prod")).secrets));
  });
});

describe("the Job of a remote tier", () => {
  const podOf = (overrides: Overrides = {}) =>
    (tierJob(planOf(settingsFor("prod", { ...tiered, ...overrides })).remoteTier!, tier).template as unknown as Tree)
      .spec!;
  const [container] = podOf().containers as unknown as [Tree];
  const variables = container.env as unknown as {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef: { name: string; key: string } };
  }[];

  it("satisfies Pod Security restricted, with a read-only root, limits, and no token", () => {
    assert.deepEqual([podOf().automountServiceAccountToken, podOf().securityContext?.runAsNonRoot], [false, true]);
    assert.deepEqual(
      [
        container.securityContext?.readOnlyRootFilesystem,
        container.securityContext?.allowPrivilegeEscalation,
        container.securityContext?.capabilities?.drop,
      ],
      [true, false, ["ALL"]],
    );
    assert.equal(container.resources?.limits?.memory, "256Mi");
  });

  it("takes its image from the mirror, by digest where one is set, with the pull Secrets", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const pod = podOf({ images: { mirror: "mirror.example.com", pullSecrets: ["a"], minio: { digest } } });
    assert.equal(at(pod, "containers", "0", "image"), `mirror.example.com/pgsty/silo@${digest}`);
    assert.deepEqual(pod.imagePullSecrets, [{ name: "a" }]);
    assert.equal(container.image, "docker.io/pgsty/silo:RELEASE.2026-09-16T00-00-00Z");
  });

  it("has credentials from Secrets alone, root's from MinIO's own", () => {
    const secrets = variables.flatMap(({ name, valueFrom }) =>
      valueFrom === undefined ? [] : [[name, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key]],
    );
    assert.deepEqual(secrets, [
      ["ROOT_USER", "minio-root", "rootUser"],
      ["ROOT_PASSWORD", "minio-root", "rootPassword"],
      ["ACCESS_KEY", "cold-tier", "accessKey"],
      ["SECRET_KEY", "cold-tier", "secretKey"],
    ]);
    assert.equal(
      variables.find(({ name }) => name === "MC_HOST_store")?.value,
      "http://$(ROOT_USER):$(ROOT_PASSWORD)@minio.logharbor-minio.svc:9000",
    );
  });

  it("knows MinIO by its authority where that speaks TLS, and reads no key", () => {
    const pod = podOf({ tls: { certificates: "given" } });
    const said = JSON.stringify(pod);
    assert.ok(
      said.includes("https://$(ROOT_USER):$(ROOT_PASSWORD)@minio.") &&
        said.includes('{"name":"SSL_CERT_FILE","value":"/etc/logharbor-tls/ca.crt"}'),
    );
    assert.deepEqual(at(pod, "volumes", "1", "secret", "items"), [{ key: "ca.crt", path: "ca.crt" }]);
    assert.ok(!JSON.stringify(podOf()).includes("tls"));
  });

  it("runs one script, which takes every value from a variable", () => {
    const [shell, flag, script] = container.command as unknown as string[];
    assert.deepEqual([shell, flag], ["/bin/sh", "-c"]);
    assert.ok(script!.includes('*"\\"$TIER\\""*)'), "a tier is known by its whole name");
    const names = variables.map(({ name }) => name);
    for (const [, used] of script!.matchAll(/\$([A-Z_]+)/g)) assert.ok(names.includes(used!), used);
    for (const value of ["cold-logs", "s3.example.com", "loki-bucket"]) assert.ok(!script!.includes(value), value);
  });
});

describe("a stack with a remote tier", () => {
  it("has its Job after buckets and MinIO, and that sets the lifecycle of the chunks alone", async () => {
    const resources = await stackResources("prod", tiered);
    const job = resources.find(({ name }) => name === "logharbor-tier-job")!;
    assert.deepEqual(
      [textAt(job.inputs, "metadata", "name"), textAt(job.inputs, "metadata", "namespace")],
      ["minio-tier", "logharbor-minio"],
    );
    assert.deepEqual(at(job.inputs, "metadata", "annotations"), {
      "logharbor.io/owner": "logharbor/test",
      "logharbor.io/tier": "s3 https://s3.example.com/cold-logs/logharbor",
      "pulumi.com/replaceUnready": "true",
    });
    assert.ok(resources.find(({ name }) => name === "logharbor-tier")!.dependencies.includes("logharbor-store-chunks"));
    assert.deepEqual(
      resources.filter(({ type }) => type === "minio:index/ilmPolicy:IlmPolicy").map(({ name }) => name),
      ["logharbor-store-ruler-lifecycle"],
    );
  });

  it("takes over a lifecycle that is not removed when its resource goes", async () => {
    const lifecycles = (await stackResources("prod")).filter(({ type }) => type === "minio:index/ilmPolicy:IlmPolicy");
    assert.deepEqual(lifecycles.map(({ name, retainOnDelete }) => [name, retainOnDelete]).sort(), [
      ["logharbor-store-chunks-lifecycle", true],
      ["logharbor-store-ruler-lifecycle", true],
    ]);
  });

  it("does not hold up Loki", async () => {
    const loki = (await stackResources("prod", tiered)).find(({ name }) => name === "logharbor-loki")!;
    assert.ok(!loki.dependencies.some((name) => name.startsWith("logharbor-tier")));
  });
});

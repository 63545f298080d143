import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Alloy, Grafana, Loki, Minio, ObjectStore, RemoteTier, topologies } from "../../../components";
import { generatedBy, record, secretMark, type Recorded } from "../../support/recorder";
import { settingsFor, someTier, stackResources, type Overrides } from "../../support/stack";
import { at, textAt } from "../../support/tree";

const ownType = /^logharbor:index:(LoggingStack|Minio|ObjectStore|RemoteTier|Loki|Tenants|Alloy|Grafana)$/;

const types = {
  release: "kubernetes:helm.sh/v3:Release",
  namespace: "kubernetes:core/v1:Namespace",
  secret: "kubernetes:core/v1:Secret",
  configMap: "kubernetes:core/v1:ConfigMap",
  password: "random:index/randomPassword:RandomPassword",
  provider: "pulumi:providers:minio",
};

const ofType = (resources: Recorded[], type: string) => resources.filter((resource) => resource.type === type);

const named = (resources: Recorded[], name: string) => {
  const found = resources.find((resource) => resource.name === name);
  assert.ok(found, `no resource ${name}`);
  return found;
};

/** All that must be there before this resource: dependencies, parents, and so on. */
function allBefore(resources: Recorded[], name: string): Set<string> {
  const seen = new Set<string>();
  const visit = (current: string) => {
    const { dependencies, parent } = named(resources, current);
    for (const next of [...dependencies, ...(parent === "" ? [] : [parent])]) {
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(name);
  return seen;
}

/** Rules that every resource keeps, in the whole stack and in a component used alone. */
function assertWellMade(resources: Recorded[], root: string): void {
  const passwords = ofType(resources, types.password).map(({ name }) => generatedBy(name));
  for (const resource of resources) {
    const { name, type, parent, custom } = resource;
    if (name === root) assert.equal(parent, "", name);
    else assert.ok(parent !== "" && name.startsWith(`${parent}-`), `${name} is a child of "${parent}"`);
    assert.equal(custom, !ownType.test(type), `${name} has the type ${type}`);
    for (const password of passwords) {
      assert.ok(
        !JSON.stringify([resource.inputs, resource.outputs ?? {}]).includes(password),
        `${name} shows a password`,
      );
    }
  }
  assert.equal(new Set(resources.map(({ name }) => name)).size, resources.length, "names are distinct");
}

const variants: [profile: "dev" | "prod", name: string, overrides: Overrides][] = [
  ["dev", "dev", {}],
  ["prod", "prod", {}],
  ["dev", "dev without Grafana", { grafana: { enabled: false } }],
  [
    "dev",
    "dev with the API server's lines and protected data",
    { alloy: { source: "kubernetes-api" }, protectData: true },
  ],
];

for (const [profile, title, overrides] of variants) {
  describe(`the stack, ${title}`, () => {
    let resources: Recorded[];

    before(async () => {
      resources = await stackResources(profile, overrides);
    });

    it("has well-made resources: types, parents, names, no password in clear", () => {
      assertWellMade(resources, "logharbor");
      const parts = resources
        .filter(({ custom, name }) => !custom && name !== "logharbor")
        .map(({ type }) => type.split(":")[2]);
      assert.deepEqual(parts.sort(), [
        "Alloy",
        ...(title.includes("without") ? [] : ["Grafana"]),
        "Loki",
        "Minio",
        "ObjectStore",
      ]);
    });

    it("enforces Pod Security: restricted, but for Alloy where it reads files", () => {
      const files = settingsFor(profile, overrides).alloy.source === "files";
      for (const { name, inputs } of ofType(resources, types.namespace)) {
        assert.equal(
          at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce"),
          name.includes("alloy") && files ? "privileged" : "restricted",
          name,
        );
      }
      assert.equal(ofType(resources, types.namespace).length, title.includes("without") ? 3 : 4);
    });

    it("keeps credentials secret: Secrets whole, the provider's password, the user's", () => {
      for (const { name, inputs } of ofType(resources, types.secret)) assert.equal(inputs.stringData, secretMark, name);
      assert.equal(named(resources, "logharbor-store-provider").inputs.minioPassword, secretMark);
      assert.equal(named(resources, "logharbor-store-loki").inputs.secret, secretMark);
      assert.equal(named(resources, "logharbor-minio").outputs?.rootPassword, secretMark);
      assert.equal(named(resources, "logharbor-store").outputs?.secretAccessKey, secretMark);
    });

    it("puts credentials into Secrets only: no password in a release's values or a ConfigMap, not even as a secret", () => {
      const passwords = ofType(resources, types.password).map(({ name }) => generatedBy(name));
      for (const { name, clearInputs } of [
        ...ofType(resources, types.release),
        ...ofType(resources, types.configMap),
      ]) {
        for (const password of passwords) assert.ok(!JSON.stringify(clearInputs).includes(password), name);
      }
    });

    it("gives each reader its own credentials: Loki the user's, MinIO root's, Grafana its administrator's", () => {
      const data = (name: string) => named(resources, name).clearInputs.stringData;
      assert.deepEqual(data("logharbor-loki-object-store"), {
        S3_ACCESS_KEY_ID: "loki",
        S3_SECRET_ACCESS_KEY: generatedBy("logharbor-store-loki-password"),
      });
      assert.deepEqual(data("logharbor-minio-root"), {
        rootUser: "logharbor-root",
        rootPassword: generatedBy("logharbor-minio-root-password"),
      });
      if (!title.includes("without"))
        assert.deepEqual(data("logharbor-grafana-admin"), {
          "admin-user": "admin",
          "admin-password": generatedBy("logharbor-grafana-admin-password"),
        });
    });

    it("pins its releases: exact chart version, repository, name, namespace, time-out", () => {
      for (const { name, inputs } of ofType(resources, types.release)) {
        const part = textAt(inputs, "name");
        assert.equal(name, `logharbor-${part}-release`);
        assert.match(textAt(inputs, "version"), /^\d+\.\d+\.\d+$/);
        assert.deepEqual(
          [inputs.chart, inputs.namespace, inputs.timeout, inputs.atomic],
          [part, `logharbor-${part}`, 900, false],
        );
        assert.match(textAt(inputs, "repositoryOpts", "repo"), /^https:\/\//);
        assert.ok(allBefore(resources, name).has(`logharbor-${part}-namespace`));
      }
    });

    it("starts Loki when buckets, lifecycles and rights are there, and MinIO before them", () => {
      const needed = [
        "chunks",
        "ruler",
        "chunks-lifecycle",
        "ruler-lifecycle",
        "loki",
        "loki-policy",
        "loki-attachment",
      ].map((name) => `logharbor-store-${name}`);
      const first = allBefore(resources, "logharbor-loki-release");
      for (const name of needed) {
        assert.ok(first.has(name), `Loki does not wait for ${name}`);
        assert.ok(allBefore(resources, name).has("logharbor-minio-release"), `${name} does not wait for MinIO`);
      }
      const order = resources.map(({ name }) => name);
      for (const name of needed) assert.ok(order.indexOf(name) < order.indexOf("logharbor-loki-release"), name);
    });

    it("lets everything in MinIO go with MinIO's release, and manages it with the given endpoint", () => {
      const inMinio = resources.filter(({ type }) => type.startsWith("minio:"));
      assert.equal(inMinio.length, 7);
      for (const { name, deletedWith, provider } of inMinio) {
        assert.equal(deletedWith, "logharbor-minio-release", name);
        assert.equal(provider, "logharbor-store-provider", name);
      }
      assert.equal(named(resources, "logharbor-store-provider").inputs.minioServer, "127.0.0.1:39000");
    });

    it("protects what holds logs where that is set, and nothing else", () => {
      const holding = [
        "logharbor-minio-namespace",
        "logharbor-minio-release",
        "logharbor-store-chunks",
        "logharbor-store-ruler",
        "logharbor-loki-namespace",
        "logharbor-loki-release",
      ];
      const expected = settingsFor(profile, overrides).protectData ? holding : [];
      assert.deepEqual(
        resources
          .filter(({ protect }) => protect)
          .map(({ name }) => name)
          .sort(),
        expected.sort(),
      );
    });

    it("has Secrets and ConfigMaps in the namespace and by the name that the charts are told", () => {
      for (const part of ["minio", "loki", "grafana"]) {
        const objects = resources.filter(
          ({ parent, type }) => parent === `logharbor-${part}` && (type === types.secret || type === types.configMap),
        );
        const release = resources.find(({ name }) => name === `logharbor-${part}-release`);
        for (const { inputs, name } of objects) {
          assert.equal(at(inputs, "metadata", "namespace"), `logharbor-${part}`);
          assert.ok(JSON.stringify(release?.inputs.values).includes(`"${textAt(inputs, "metadata", "name")}"`), name);
          assert.ok(allBefore(resources, `logharbor-${part}-release`).has(name), name);
        }
      }
    });
  });
}

describe("a component alone", () => {
  it("touches nothing in MinIO before MinIO answers", async () => {
    let touched = -1;
    const inMinio = (all: Recorded[]) => all.filter(({ type }) => type.startsWith("minio:")).length;
    const seen: Recorded[] = [];
    const reachable = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      touched = inMinio(seen);
    };
    const store = () =>
      new ObjectStore("store", {
        endpoint: "http://127.0.0.1:1",
        rootUser: "root",
        rootPassword: "x",
        buckets: { chunks: "a", ruler: "b" },
        reachable,
      });
    const { resources: all } = await record({}, store, seen);
    assert.deepEqual([touched, inMinio(all)], [0, 7]);
  });

  const alone: Record<string, () => pulumi.ComponentResource> = {
    Minio: () => new Minio("a"),
    ObjectStore: () =>
      new ObjectStore("a", {
        endpoint: "https://minio.example.com:9000",
        rootUser: "root",
        rootPassword: "root-in-clear",
        buckets: { chunks: "chunks", ruler: "rules" },
      }),
    Loki: () =>
      new Loki("a", {
        storeUrl: "https://s3.example.com",
        accessKeyId: "loki",
        secretAccessKey: "key-in-clear",
        topology: topologies["ha-monolithic"],
        authentication: "basic",
        tenant: "mine",
      }),
    RemoteTier: () =>
      new RemoteTier("a", { tier: { ...someTier, kind: "s3" }, minioUrl: "http://minio.elsewhere.svc:9000" }),
    Alloy: () =>
      new Alloy("a", { lokiUrl: "https://loki.example.com", tenant: "mine", tenantPassword: "key-in-clear" }),
    Grafana: () => new Grafana("a", { lokiUrl: "http://loki.elsewhere.svc:3100", certificates: "given" }),
  };

  for (const [name, build] of Object.entries(alone)) {
    it(`${name} registers itself and its children, under its own name`, async () => {
      const { resources } = await record({}, build);
      assertWellMade(resources, "a");
      assert.equal(named(resources, "a").type, `logharbor:index:${name}`);
      assert.ok(resources.length > (name === "RemoteTier" ? 1 : 2));
      assert.ok(resources.every(({ protect, deletedWith }) => !protect && deletedWith === ""));
    });

    it(`${name} hides credentials that it is given in clear`, async () => {
      const { resources } = await record({}, build);
      assert.ok(!/(root|key)-in-clear/.test(JSON.stringify(resources.map(({ inputs, outputs }) => [inputs, outputs]))));
    });
  }

  it("takes what a component used alone is given, and the defaults of dev for the rest", async () => {
    const release = async (name: string) => {
      const { resources } = await record({}, alone[name]!);
      return ofType(resources, types.release)[0]!.clearInputs;
    };
    const loki = await release("Loki");
    assert.deepEqual(
      [
        loki.namespace,
        loki.version,
        at(loki.values, "singleBinary", "replicas"),
        at(loki.values, "gateway", "enabled"),
      ],
      ["logharbor-loki", settingsFor("dev").charts.loki.version, 3, true],
    );
    assert.match(textAt(loki.values, "loki", "config"), /endpoint: s3\.example\.com/);
    const pipeline = textAt((await release("Alloy")).values, "alloy", "configMap", "content");
    assert.match(pipeline, /https:\/\/loki\.example\.com\/loki\/api\/v1\/push/);
    assert.match(pipeline, /tenant_id = "mine"[\s\S]*basic_auth/);
    const grafana = (await release("Grafana")).values;
    assert.match(JSON.stringify(grafana), /"url":"http:\/\/loki\.elsewhere\.svc:3100"/);
    assert.match(JSON.stringify(grafana), /logharbor-tls/);
    assert.equal(at((await release("Minio")).values, "replicas"), 1);
  });

  it("Minio gives its root password as a secret", async () => {
    const { result } = await record({}, () => new Minio("a"));
    assert.equal(await pulumi.isSecret(result.rootPassword), true);
  });

  it("ObjectStore gives its user's key as a secret", async () => {
    const { result } = await record({}, alone.ObjectStore as () => ObjectStore);
    assert.equal(await pulumi.isSecret(result.secretAccessKey), true);
  });
});

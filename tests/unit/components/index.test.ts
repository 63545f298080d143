import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Alloy, Grafana, Loki, Minio, ObjectStore, RemoteTier, topologies } from "../../../components";
import { record, type Recorded } from "../../support/recorder";
import { settingsFor, someTier } from "../../support/stack";
import { at, textAt } from "../../support/tree";
import { assertWellMade, named, ofType, types } from "./wellMade";

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

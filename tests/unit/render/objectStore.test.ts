import assert from "node:assert/strict";

import { parse } from "yaml";

import { lokiConfigText } from "../../../render/loki/config";
import { lokiValues } from "../../../render/loki/values";
import { storeAddress, storeOf, storePorts } from "../../../render/objectStore";
import { planOf } from "../../../render/plan";
import { settingsFor, someStore, stackResources, type Overrides } from "../../support/stack";
import type { Tree } from "../../support/tree";

const aws = { kind: "s3", region: "eu-central-1", buckets: { chunks: "our-logs" } };
const identity = { ...aws, credentials: "identity" };
const lokiOf = (overrides: Overrides) => planOf(settingsFor("prod", overrides)).loki;
const configOf = (overrides: Overrides) => parse(lokiConfigText(lokiOf(overrides))) as Tree;

describe("an object store that is there already", () => {
  it("is where Loki stores, with the user's Secret and CA", () => {
    const spec = lokiOf({ objectStore: someStore });
    assert.deepEqual(configOf({ objectStore: someStore }).common?.storage?.s3, {
      endpoint: "s3.example.com:9443",
      bucketnames: "our-logs",
      access_key_id: "${S3_ACCESS_KEY_ID}",
      secret_access_key: "${S3_SECRET_ACCESS_KEY}",
      insecure: false,
      http_config: { ca_file: "/etc/logharbor-tls/ca.crt" },
      s3forcepathstyle: true,
      region: "eu-central-1",
    });
    const { defaults } = lokiValues(spec) as Tree;
    assert.deepEqual(defaults?.extraEnvFrom, [{ secretRef: { name: "log-store" } }]);
    assert.equal(defaults?.extraVolumes?.[0]?.secret?.secretName, "log-store-ca");
  });

  it("takes a key that YAML would read otherwise", () => {
    const text = lokiConfigText(lokiOf({ objectStore: someStore }));
    const expanded = text.replaceAll("${S3_SECRET_ACCESS_KEY}", "0e1: #+/=").replaceAll("${S3_ACCESS_KEY_ID}", "0123");
    const { s3 } = (parse(expanded) as Tree).common!.storage!;
    assert.deepEqual([s3?.access_key_id, s3?.secret_access_key], ["0123", "0e1: #+/="]);
  });

  it("is AWS without an endpoint, and with an identity no key", () => {
    assert.deepEqual(configOf({ objectStore: identity }).common?.storage?.s3, {
      bucketnames: "our-logs",
      insecure: false,
      s3forcepathstyle: false,
      region: "eu-central-1",
    });
    const values = lokiValues(lokiOf({ objectStore: identity, loki: { envFromSecrets: ["proxy"] } })) as Tree;
    assert.deepEqual(values.defaults?.extraEnvFrom, [{ secretRef: { name: "proxy" } }]);
  });

  it("has the rules' bucket only where Loki's rules are in one", () => {
    assert.equal(configOf({ objectStore: identity }).ruler?.storage?.s3, undefined);
    const buckets = { chunks: "our-logs", ruler: "our-rules" };
    const { storage } = configOf({
      objectStore: { ...identity, buckets },
      alerts: { storage: "bucket", rules: [] },
    }).ruler!;
    assert.deepEqual([storage?.type, storage?.s3?.bucketnames], ["s3", "our-rules"]);
  });

  for (const [title, store, address, ports] of [
    ["AWS", identity, "https://s3.eu-central-1.amazonaws.com", [443, 80]],
    ["AWS in China", { ...identity, region: "cn-north-1" }, "https://s3.cn-north-1.amazonaws.com.cn", [443, 80]],
    ["another store", someStore, "https://s3.example.com:9443", [9443]],
    [
      "a Service",
      { ...someStore, ca: undefined, endpoint: "http://rgw.rook.svc", ports: [8080] },
      "http://rgw.rook.svc",
      [80, 8080],
    ],
  ] as const)
    it(`is found at its address and ports: ${title}`, () => {
      const settings = settingsFor("dev", { objectStore: store });
      assert.deepEqual([storeAddress(storeOf(settings)), storePorts(settings)], [address, ports]);
    });

  it("leaves nothing of MinIO in the stack, and no Secret with keys", async () => {
    const resources = await stackResources("prod", {
      objectStore: someStore,
      monitoring: { namespaces: ["monitoring"] },
    });
    assert.deepEqual(
      resources.filter(({ name, type }) => /minio|object-store/i.test(`${type} ${name}`)).map(({ name }) => name),
      [],
    );
  });

  it("is beside MinIO while the stack moves: only Loki's release and its Secret differ between there and back", async () => {
    const of = async (kind: string) => {
      const resources = await stackResources("dev", { objectStore: { ...someStore, kind, moving: true } });
      return new Map(resources.map(({ name, inputs }) => [name, JSON.stringify(inputs)]));
    };
    const [there, back] = [await of("s3"), await of("minio")];
    const differing = [...new Set([...there.keys(), ...back.keys()])].filter(
      (name) => there.get(name) !== back.get(name),
    );
    assert.deepEqual(
      differing.filter((name) => name !== "logharbor"),
      ["logharbor-loki-release", "logharbor-loki-object-store"],
    );
  });
});

import assert from "node:assert/strict";
import type { KubeApi, Write } from "../../../cluster/kubeApi";
import type { Store } from "../../../cluster/store";
import type { JsonObject } from "../../../diff/json";
import type { Thing } from "../../../diff/thing";
import { isSamePolicy, policiesFor } from "../../../drift/gather/store";
import { livePairs } from "../../../drift/gather/live";
import { putBackCharts, putBackOwn, putBackStore } from "../../../drift/mend";
import { kept } from "../../support/managedFieldsDouble";

const configMap = (maker: Thing["maker"]): Thing => ({
  maker,
  kind: "ConfigMap",
  name: "a",
  namespace: "home",
  content: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { a: "1" } },
});

/** Stands in for the API: it knows ConfigMaps, and this one. */
function apiDouble(live?: JsonObject, refusal?: number): { api: KubeApi; writes: Write[] } {
  const writes: Write[] = [];
  const failed = (code: number) => Object.assign(new Error(`code ${code}`), { code });
  const api = {
    get: (path: string) => {
      if (path === "api/v1")
        return Promise.resolve({ resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] });
      return live === undefined ? Promise.reject(failed(refusal ?? 404)) : Promise.resolve(live);
    },
    write: (request: Write) => {
      writes.push(request);
      return refusal === undefined ? Promise.resolve(live) : Promise.reject(failed(refusal));
    },
  };
  return { api: api as unknown as KubeApi, writes };
}

const edited = kept(configMap("stack").content as JsonObject, [
  { manager: "kubectl-edit", edit: (object: { data: Record<string, string> }) => (object.data.b = "2") },
]);

describe("mending", () => {
  it("applies an own object under Pulumi's name, then takes away what others added to that version", async () => {
    const { api, writes } = apiDouble(edited);
    const manager = new Map([["ConfigMap home/a", "pulumi-kubernetes-1"]]);
    await putBackOwn(api, [{ wanted: configMap("stack"), live: edited }], manager);
    const [apply, put] = writes;
    assert.deepEqual(
      [apply!.method, apply!.path],
      ["PATCH", "api/v1/namespaces/home/configmaps/a?force=true&fieldManager=pulumi-kubernetes-1"],
    );
    assert.deepEqual(apply!.content, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "home" },
      data: { a: "1" },
    });
    assert.deepEqual([put!.method, put!.path], ["PUT", "api/v1/namespaces/home/configmaps/a?fieldManager=logharbor"]);
    const { data, metadata } = put!.content as { data: object; metadata: Record<string, unknown> };
    assert.deepEqual([data, metadata.resourceVersion, metadata.managedFields], [{ a: "1" }, "7", undefined]);
    assert.equal(writes.length, 2);
  });

  it("writes an object of a chart only if it differs", async () => {
    const same = kept(configMap("stack").content as JsonObject, []);
    const { api, writes } = apiDouble(same);
    await putBackCharts(api, [{ wanted: configMap("release loki"), live: same }]);
    assert.deepEqual(writes, []);
    await putBackCharts(api, [{ wanted: configMap("release loki"), live: edited }]);
    assert.deepEqual(
      writes.map(({ method }) => method),
      ["PUT"],
    );
  });

  it("says what could not be put back, and what to do", async () => {
    for (const [code, words] of [
      [409, /ConfigMap home\/a .*changed meanwhile.*\n.*run the same command again/],
      [403, /ConfigMap home\/a .*can't be put back: code 403\n.*npm run drift/],
    ] as const)
      await assert.rejects(
        putBackCharts(apiDouble(edited, code).api, [{ wanted: configMap("release loki"), live: edited }]),
        words,
      );
  });

  it("tells what is gone from what may not be seen", async () => {
    const wanted = [configMap("stack")];
    assert.deepEqual(await livePairs(apiDouble().api, wanted), { pairs: [{ wanted: wanted[0] }], unseen: [] });
    assert.deepEqual(await livePairs(apiDouble(undefined, 403).api, wanted), {
      pairs: [],
      unseen: ["ConfigMap home/a"],
    });
    const unknown = [{ ...wanted[0]!, kind: "Gadget" }];
    assert.deepEqual((await livePairs(apiDouble(edited).api, unknown)).pairs, [{ wanted: unknown[0] }]);
  });

  it("gives a user in MinIO its own policies back, and takes policy and versions from a bucket", async () => {
    const calls: unknown[] = [];
    const note =
      (name: string) =>
      (...args: unknown[]) => {
        calls.push([name, ...args]);
        return Promise.resolve({ Status: "Enabled" });
      };
    const client = {
      setBucketPolicy: note("policy"),
      getBucketVersioning: note("versioning?"),
      setBucketVersioning: note("versioning"),
    };
    const store = { client, change: note("change") } as unknown as Store;
    const thing = (kind: string, name: string, content: JsonObject = {}): Thing => ({
      maker: "MinIO",
      kind,
      name,
      content,
    });
    const wanted = [thing("IamUserPolicyAttachment", "x", { userName: "loki", policyName: "loki" })];
    assert.deepEqual([policiesFor("loki", wanted), policiesFor("other", wanted)], [["loki"], []]);
    await putBackStore(store, [thing("S3Bucket", "logs"), thing("IamUser", "loki")], wanted);
    assert.deepEqual(calls, [
      ["policy", "logs", ""],
      ["versioning?", "logs"],
      ["versioning", "logs", { Status: "Suspended" }],
      ["change", "set-user-status", "accessKey=loki&status=enabled"],
      ["change", "set-user-or-group-policy", "isGroup=false&policyName=loki&userOrGroup=loki"],
    ]);
  });

  it("takes two policies for one that differ only in form", () => {
    const policy = (...Action: unknown[]) =>
      JSON.stringify({ Version: "1", Statement: Action.map((one) => ({ Effect: "Allow", Action: one })) });
    assert.ok(isSamePolicy(policy(["a", "b"], "c"), policy(["c"], ["b", "a"])));
    assert.ok(!isSamePolicy(policy(["a"]), policy(["a", "b"])));
    assert.ok(!isSamePolicy(policy(["a"]), policy(["a"], ["b"])));
  });
});

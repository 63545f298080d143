import assert from "node:assert/strict";
import { compareThings } from "../../../../diff/compare";
import { existingIn } from "../../../../diff/gather/assumed";
import { chartsOf } from "../../../../diff/gather/charts";
import { verdictOn } from "../../../../diff/gather/side";
import { sealedBy, stepsOf, thingsOfProgram, thingsOfRelease, thingsOfState } from "../../../../diff/gather/things";
import type { Json } from "../../../../diff/json";
import { Mask } from "../../../../diff/mask";
import { opened, Sealed, sealed } from "../../../../diff/sealed";
import { thingKey, type Thing } from "../../../../diff/thing";
import { stackResources } from "../../../support/stack";

/** What the engine writes for a secret, and what an export with `--show-secrets` has of it. */
const shownSecret = (value: Json): Json => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** The state after an `up`: as the providers' checks leave the inputs. */
async function stateOf(profile: "dev" | "prod"): Promise<Parameters<typeof thingsOfState>[0]> {
  return (await stackResources(profile))
    .filter(({ custom }) => custom)
    .map(({ name, type, inputs, clearInputs }) => {
      const own: Record<string, unknown> = { ...(opened(sealedBy(inputs, clearInputs)) as object) };
      for (const [key, value] of Object.entries(inputs))
        if (value === "[secret]") own[key] = shownSecret(clearInputs[key]!);
      if (type === "kubernetes:core/v1:Secret") {
        const plain = clearInputs.stringData as Record<string, string>;
        delete own.stringData;
        own.data = shownSecret(
          Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
        );
      }
      if (type.startsWith("minio:")) Object.assign(own, { __defaults: [], forceDestroy: false });
      return { urn: `urn:pulumi:test::logharbor::${type}::${name}`, type, inputs: own };
    });
}

describe("the objects of a side", () => {
  for (const profile of ["dev", "prod"] as const)
    it(`are the same of a ${profile} program and of the state that its up leaves`, async () => {
      const [old, now] = [thingsOfState(await stateOf(profile)), thingsOfProgram(await stackResources(profile))];
      const mask = new Mask();
      mask.learn([...old, ...now]);
      assert.deepEqual(
        compareThings(
          old.map((thing) => mask.thing(thing)),
          now.map((thing) => mask.thing(thing)),
        ).map(({ before, after, fields }) => [before?.name, after?.name, fields]),
        [],
      );
      assert.ok(now.length > 20, String(now.length));
      assert.equal(new Set(now.map(thingKey)).size, now.length, "each has a name of its own");
      for (const kind of ["S3Bucket", "IamUser", "IamPolicy", "IamUserPolicyAttachment", "Namespace", "NetworkPolicy"])
        assert.ok(
          now.some((thing) => thing.kind === kind),
          kind,
        );
    });

  it("leave out what is about to be deleted", async () => {
    const state = (await stateOf("dev")).map((resource) => ({ ...resource, delete: true }));
    assert.deepEqual(thingsOfState(state), []);
  });

  it("of a release are in its namespace, unless they name another or are outside of any", () => {
    const manifest = (kind: string, namespace?: string) => ({
      kind,
      metadata: { name: "a", ...(namespace === undefined ? {} : { namespace }) },
      status: {},
    });
    const things = thingsOfRelease({ name: "loki", namespace: "home" }, [
      manifest("Service"),
      manifest("ConfigMap", "other"),
      manifest("ClusterRole"),
      null,
    ]);
    assert.deepEqual(things.map(thingKey), ["Service home/a", "ConfigMap other/a", "ClusterRole a"]);
    assert.deepEqual(things[1]!.content, { apiVersion: null, kind: "ConfigMap", metadata: { name: "a" } });
  });

  it("know which secret is sealed, on the wire and in a state", () => {
    assert.deepEqual(sealedBy({ a: "[secret]", b: ["[secret]", 1] }, { a: { k: "x" }, b: ["y", 1] }), {
      a: new Sealed({ k: "x" }),
      b: [new Sealed("y"), 1],
    });
    assert.deepEqual(opened(sealed({ a: shownSecret({ k: "x" }), b: 1 })), { a: { k: "x" }, b: 1 });
  });

  it("come in steps: each after all that it depends on", () => {
    const steps = stepsOf([
      { name: "a", parent: "", dependencies: [] },
      { name: "b", parent: "", dependencies: ["a"] },
      { name: "component", parent: "", dependencies: ["a", "b"] },
      { name: "inside", parent: "component", dependencies: [] },
      { name: "d", parent: "", dependencies: ["unknown"] },
    ]);
    assert.deepEqual([...steps.values()], [0, 1, 2, 3, 0]);
  });
});

describe("the charts of a program", () => {
  it("are those of the repositories, with the step of up", async () => {
    const charts = chartsOf(await stackResources("prod"), "/checkout");
    assert.deepEqual(charts.map(({ name, local }) => [name, local]).sort(), [
      ["alloy", false],
      ["grafana", false],
      ["loki", false],
      ["minio", false],
    ]);
    const step = (name: string) => charts.find((chart) => chart.name === name)!.step;
    assert.ok(step("minio") < step("loki") && step("loki") < step("alloy"));
  });

  it("are those of a folder where the settings name one, from the checkout", async () => {
    const resources = await stackResources("dev", { charts: { minio: { path: "charts/minio" } } });
    const minio = chartsOf(resources, "/checkout").find(({ name }) => name === "minio");
    assert.deepEqual([minio?.chart, minio?.local], ["/checkout/charts/minio", true]);
  });
});

describe("the policies' verdict", () => {
  it("is that of the pack: nothing for a stack that passes, and what it refuses", async () => {
    assert.deepEqual(verdictOn(await stackResources("prod")), []);
    const violated = verdictOn(await stackResources("prod", { protectData: false }));
    assert.ok(violated.length > 0);
    assert.ok(violated.every(({ policy }) => policy === "protected-data"));
  });
});

describe("what would exist if a side were deployed", () => {
  it("is what the dangers need: workloads, volumes, Loki's configuration, homes", () => {
    const thing = (maker: Thing["maker"], kind: string, content: Thing["content"], name = "loki"): Thing => ({
      maker,
      kind,
      name,
      namespace: "logs",
      content,
    });
    const config = Buffer.from("limits_config:\n  retention_period: 168h\n").toString("base64");
    const existing = existingIn([
      thing("release loki", "StatefulSet", {
        metadata: { name: "loki", labels: { "helm.sh/chart": "loki-18.11.0" } },
        spec: {
          replicas: 2,
          template: { spec: { containers: [{ name: "loki", image: "loki:3" }] } },
          volumeClaimTemplates: [
            { metadata: { name: "storage" }, spec: { resources: { requests: { storage: "1Gi" } } } },
          ],
        },
      }),
      thing("release loki", "Secret", { data: { "config.yaml": config } }),
      thing("stack", "Namespace", { metadata: { labels: { "logharbor.io/part": "loki" } } }, "logs"),
    ]);
    assert.deepEqual(existing.loki.workloads, [
      {
        kind: "StatefulSet",
        name: "loki",
        replicas: 2,
        chart: "loki-18.11.0",
        image: "loki:3",
        volumes: [{ name: "storage", size: "1Gi" }],
        podAnnotations: undefined,
        mountedSecrets: undefined,
      },
    ]);
    assert.equal(existing.lokiConfig?.limits_config?.retention_period, "168h");
    assert.deepEqual(existing.homes, [{ part: "loki", name: "logs" }]);
  });
});

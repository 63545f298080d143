import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import program from "../../index";
import { outputsOf, type StackOutputs } from "../../render/outputs";
import { generatedBy, record } from "../support/recorder";
import { engineConfig, settingsFor, type Overrides } from "../support/stack";

/** Test double of MinIO's health check: it says "well" and does nothing else, so it proves nothing of MinIO. */
const health = createServer((_request, response) => response.end());
let endpoint = "";

/** So that no cluster of whoever runs the tests is asked. */
const noCluster = { "kubernetes:kubeconfig": "/there/is/none" };

/** index.ts as the engine runs it, with MinIO's address given, so that no tunnel is opened. */
async function run(profile: "dev" | "prod", overrides: Overrides = {}) {
  const given = { ...overrides, minio: { endpoint, ...(overrides.minio as object | undefined) } };
  const { resources, result } = await record({ ...engineConfig(profile, given), ...noCluster }, program);
  return { resources, outputs: result, settings: settingsFor(profile, given) };
}

describe("the program", () => {
  before((done) => {
    health.listen(0, "127.0.0.1", () => {
      endpoint = `127.0.0.1:${(health.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => void health.close(done));

  for (const profile of ["dev", "prod"] as const) {
    let built: Awaited<ReturnType<typeof run>>;

    before(async () => {
      built = await run(profile);
    });

    it(`${profile}: builds the stack of its config and returns the outputs`, () => {
      const { resources, outputs, settings } = built;
      assert.deepEqual(outputs, outputsOf(settings));
      assert.equal(resources[0]?.type, "logharbor:index:LoggingStack");
      assert.deepEqual(resources[0]?.outputs, JSON.parse(JSON.stringify(outputs)));
      assert.equal(resources.find(({ type }) => type === "pulumi:providers:minio")?.inputs.minioServer, endpoint);
    });

    it(`${profile}: no output is or holds a credential`, () => {
      const { resources, outputs } = built;
      const passwords = resources
        .filter(({ type }) => type.endsWith(":RandomPassword"))
        .map(({ name }) => generatedBy(name));
      assert.equal(passwords.length, 3);
      for (const password of passwords) assert.ok(!JSON.stringify(outputs).includes(password));
      // Plain data, so nothing can turn into a credential when it becomes known.
      assert.deepEqual(structuredClone<StackOutputs>(outputs), outputs);
    });
  }

  it("reads a setting of the stack's config", async () => {
    const { outputs } = await run("dev", { tenant: "team-a", grafana: { enabled: false } });
    assert.deepEqual([outputs.tenant, outputs.endpoints.grafana], ["team-a", undefined]);
  });

  it("asks no cluster for the Prometheus operator in vain: without one, pods ask to be scraped", async () => {
    const { resources } = await run("dev", { monitoring: { namespaces: ["monitoring"] } });
    assert.ok(resources.some(({ type }) => type === "logharbor:index:Monitoring"));
    assert.ok(!resources.some(({ type }) => type.endsWith(":ServiceMonitor")));
    const loki = resources.find(({ name }) => name === "logharbor-loki-release");
    assert.ok(JSON.stringify(loki?.inputs.values).includes('"prometheus.io/scrape":"true"'));
  });

  it("logs in at a private chart repository with a secret of the config, or of the environment", async () => {
    const private_ = { charts: { loki: { repository: "https://charts.corp", username: "robot" } } };
    const loginOf = async (config: Record<string, string>) => {
      const { resources } = await record(
        { ...engineConfig("dev", { minio: { endpoint }, ...private_ }), ...noCluster, ...config },
        program,
      );
      const [loki, alloy] = ["loki", "alloy"].map((part) =>
        resources.find(({ name }) => name === `logharbor-${part}-release`),
      );
      assert.ok(!JSON.stringify(alloy?.inputs).includes("robot"), "nobody else gets the login");
      return loki;
    };
    const expected = { repo: "https://charts.corp", username: "robot", password: "s3cret" };
    const given = await loginOf({ "charts:password": "s3cret" });
    assert.deepEqual(given?.clearInputs.repositoryOpts, expected);
    assert.ok(!JSON.stringify(given?.inputs).includes("s3cret"), "it is a secret in the state");
    process.env.LOGHARBOR_CHARTS_PASSWORD = "s3cret";
    try {
      assert.deepEqual((await loginOf({}))?.clearInputs.repositoryOpts, expected);
    } finally {
      delete process.env.LOGHARBOR_CHARTS_PASSWORD;
    }
  });

  it("refuses a bad config before it registers anything", async () => {
    let count = -1;
    const attempt = record(engineConfig("dev", { tennant: "a" }), program).then(
      ({ resources }) => (count = resources.length),
    );
    await assert.rejects(attempt, {
      name: "ConfigError",
      message: "1 problem in the stack's config:\n  logharbor:tennant is not a known setting; did you mean tenant?",
    });
    assert.equal(count, -1);
  });
});

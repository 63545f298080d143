import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import { Alloy, Grafana, LoggingStack, Loki, Minio } from "../../../components";
import { record, type Recorded } from "../../support/recorder";
import { settingsFor } from "../../support/stack";
import { at } from "../../support/tree";
import { loki } from "./transformsExample";
import { named, ofType, types } from "./wellMade";

describe("Pulumi's transforms", () => {
  it("change what a component makes: the example of the docs", async () => {
    const { resources } = await record({}, loki);
    const labels = at(named(resources, "logs-namespace").inputs, "metadata", "labels") as Record<string, string>;
    assert.equal(labels.team, "platform");
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted", "what the component set stays");
    const [release] = ofType(resources, types.release);
    assert.deepEqual([release?.inputs.timeout, at(release?.inputs, "values", "fullnameOverride")], [1800, "loki"]);
  });

  it("are in the docs as they are tested", () => {
    const text = (...path: string[]) => readFileSync(join(__dirname, ...path), "utf8");
    const example = text("transformsExample.ts").replace("../../../components", "logharbor/components");
    assert.ok(text("../../../docs/escape-hatches.md").includes(`\`\`\`ts\n${example}\`\`\``));
  });

  const seen = (build: (opts: pulumi.ComponentResourceOptions) => pulumi.Resource) => async () => {
    const names: string[] = [];
    const opts = { transforms: [({ name }: pulumi.ResourceTransformArgs) => (names.push(name), undefined)] };
    const { resources } = await record({}, () => build(opts));
    return { names: names.sort(), resources: resources.map(({ name }: Recorded) => name).sort() };
  };
  const lokiUrl = "http://loki.logs.svc:3100";
  const components = {
    Minio: seen((opts) => new Minio("a", {}, opts)),
    Loki: seen((opts) => new Loki("a", { storeUrl: "https://s3", accessKeyId: "x", secretAccessKey: "y" }, opts)),
    Alloy: seen((opts) => new Alloy("a", { lokiUrl }, opts)),
    Grafana: seen((opts) => new Grafana("a", { lokiUrl }, opts)),
    LoggingStack: seen(
      (opts) => new LoggingStack("a", { settings: settingsFor("dev"), minioEndpoint: "http://127.0.0.1:39000" }, opts),
    ),
  };
  for (const [name, of] of Object.entries(components))
    it(`reach everything that ${name} makes`, async () => {
      const { names, resources } = await of();
      assert.ok(resources.length > 3);
      assert.deepEqual(names, resources);
    });
});

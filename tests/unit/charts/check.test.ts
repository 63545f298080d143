import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";

import { parseSettings } from "../../../config/reader";
import { checkCharts } from "../../../charts/check";
import { chartIn } from "../../../charts/mirror";
import { standInCharts, standIns } from "../../../local/doubles/charts";
import { differences, excerpt } from "../../../charts/compare";
import { factsOf, type Manifest } from "../../../charts/facts";
import { brokenPromises } from "../../../charts/promises";
import { releasesOf } from "../../../render/releases";
import { partNames, type Part } from "../../../domain/parts";
import type { Values } from "../../../render/pod";

const dev = parseSettings({ profile: "dev" });
const prod = parseSettings({ profile: "prod" });

type Schema = Record<string, unknown>;

const schemaOf = (chart: Part) =>
  JSON.parse(readFileSync(join(standInCharts, chart, "values.schema.json"), "utf8")) as Schema;

const ajv = new Ajv({ strict: false, allErrors: true });

/** What a stand-in chart has against values. */
function faults(chart: Part, values: Values): string[] {
  const validate = ajv.getSchema(chart) ?? ajv.addSchema(schemaOf(chart), chart).getSchema(chart)!;
  void validate(JSON.parse(JSON.stringify(values)));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`,
  );
}

/** Groups of a schema that would let an unknown key pass. */
function openGroups(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const open = (schema as Schema).type === "object" && (schema as Schema).additionalProperties !== false ? [path] : [];
  return [...open, ...Object.entries(schema).flatMap(([key, value]) => openGroups(value, `${path}/${key}`))];
}

describe("the stand-in charts", () => {
  for (const settings of [
    dev,
    prod,
    parseSettings({ profile: "prod", topology: "ha-monolithic" }),
    parseSettings({ profile: "prod", tls: '{"certificates":"given"}' }),
    parseSettings({ profile: "dev", tls: '{"certificates":"given"}' }),
    parseSettings({
      profile: "dev",
      storageClass: "fast",
      alloy: '{"source":"files"}',
      images: '{"pullSecrets":["x"]}',
    }),
  ]) {
    for (const { name, values, source } of releasesOf(settings).filter(
      ({ name }) => standIns.folder(name) !== undefined,
    )) {
      it(`${name} knows exactly the values of ${settings.profile}, ${settings.topology}, ${settings.alloy.source}`, () => {
        assert.deepEqual(faults(name, values), []);
        assert.deepEqual(faults(name, { ...values, stray: 1 }), [
          ' must NOT have additional properties {"additionalProperty":"stray"}',
        ]);
        for (const key of Object.keys(values))
          assert.ok(faults(name, { ...values, [key]: undefined }).length > 0, `${key} is not required`);
      });

      it(`${name} has the version of the chart that it stands in for`, () => {
        const { version } = parse(readFileSync(join(standInCharts, name, "Chart.yaml"), "utf8")) as { version: string };
        assert.equal(version, source.version);
      });
    }
  }

  it("refuse unknown keys in every group", () => {
    for (const chart of ["minio", "loki", "alloy"] as const) assert.deepEqual(openGroups(schemaOf(chart), chart), []);
  });

  it("stand in for all charts but Grafana's", () => {
    assert.deepEqual(
      partNames.filter((name) => standIns.folder(name) !== undefined),
      ["minio", "loki", "alloy"],
    );
  });
});

const service = (port: number): Manifest => ({
  kind: "Service",
  metadata: { name: "loki", labels: { app: "loki", "helm.sh/chart": `loki-${port}` } },
  spec: { selector: { app: "loki" }, ports: [{ name: "http", port }] },
});

describe("facts of a rendering", () => {
  it("tell ports, selectors and labels, but not the chart's own labels", () => {
    assert.deepEqual(Object.fromEntries(factsOf([service(3100)])), {
      "Service loki": "there",
      "Service loki: labels": '{"app":"loki"}',
      "Service loki: type": "ClusterIP",
      "Service loki: selector": '{"app":"loki"}',
      "Service loki: port 3100": "http -> 3100",
    });
  });

  it("tell a Secret's configuration by what it says", () => {
    const secret = (text: string): Manifest => ({
      kind: "Secret",
      metadata: { name: "loki" },
      data: { "config.yaml": Buffer.from(text).toString("base64") },
    });
    assert.deepEqual(factsOf([secret("a: 1\nb: {c: 2}\n")]), factsOf([secret("b:\n  c: 2\na: 1")]));
    assert.notDeepEqual(factsOf([secret("a: 1")]), factsOf([secret("a: 2")]));
  });

  it("differ by name, with a whole object that is missing told once", () => {
    assert.deepEqual(differences(factsOf([service(3100)]), factsOf([])), [
      { fact: "Service loki", expected: "there", found: undefined },
    ]);
    assert.deepEqual(
      differences(factsOf([service(3100)]), factsOf([service(80)])).map(({ fact }) => fact),
      ["Service loki: port 3100", "Service loki: port 80"],
    );
  });

  it("show where long texts part", () => {
    assert.equal(excerpt(undefined, "x", 20), "-");
    assert.match(excerpt(`${"a".repeat(100)}DIFFERENT${"b".repeat(50)}`, "a".repeat(200), 30), /^…a+DIFFERENT/);
  });
});

describe("what the program relies on", () => {
  const release = releasesOf(dev).find(({ name }) => name === "minio")!;
  const pod = "Deployment minio: container minio";
  const good = new Map([
    ["Service minio: port 9000", "http -> 9000"],
    ["Service minio-console: port 9001", "http -> 9001"],
    ["PersistentVolumeClaim minio: claim size", "10Gi"],
    [`${pod} env MINIO_ROOT_USER`, "secret minio-root key rootUser"],
    [`${pod} image`, `${dev.images.minio.registry}/${dev.images.minio.repository}:${dev.images.minio.tag}`],
    [`${pod} security`, '{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}'],
    ["Deployment minio: pod labels", '{"app":"minio","release":"minio"}'],
    [`${pod} port http`, "9000"],
    ["Deployment minio: pod security", '{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}'],
  ]);
  const broken = (...changes: [fact: string, value: string | undefined][]) => {
    const facts = new Map([...good, ...changes].filter((fact): fact is [string, string] => fact[1] !== undefined));
    for (const [fact, value] of changes) if (value === undefined) facts.delete(fact);
    return brokenPromises(dev, [{ release, facts }])
      .get("minio")!
      .map(({ fact }) => fact);
  };

  it("holds for a good rendering", () => assert.deepEqual(broken(), []));
  it("is an address without a Service", () =>
    assert.deepEqual(broken(["Service minio: port 9000", undefined]), ["Service minio: port 9000"]));
  it("is a volume of the size that was set", () => {
    assert.deepEqual(broken(["PersistentVolumeClaim minio: claim size", "500Gi"]), [
      "PersistentVolumeClaim minio: claim size",
    ]);
    assert.deepEqual(broken(["PersistentVolumeClaim minio: claim size", undefined]), ["a volume"]);
  });
  it("is credentials from the Secret of the program alone", () => {
    assert.deepEqual(broken([`${pod} env MINIO_ROOT_USER`, "minioadmin"]), ["environment from Secret minio-root"]);
    assert.deepEqual(broken(["Secret minio", "there"]), ["Secret minio"]);
  });
  it("is images of the settings", () =>
    assert.deepEqual(broken([`${pod} image`, "docker.io/minio/minio:latest"]), [`${pod} image`]));
  it("is pods that the network policies know, and ports where they let them be reached", () => {
    assert.deepEqual(broken(["Deployment minio: pod labels", '{"app":"store"}']), [
      "Deployment minio: pod labels",
      "pods of the network policy minio: port 9000",
    ]);
    assert.deepEqual(broken([`${pod} port http`, "9100"]), ["pods of the network policy minio: port 9000"]);
  });
  it("is no job", () => assert.deepEqual(broken(["Job minio-post-job", "there"]), ["Job minio-post-job"]));
  it("is Pod Security restricted", () => {
    assert.deepEqual(broken(["Deployment minio: pod security", "{}"]), [`${pod} security`, `${pod} security`]);
    assert.deepEqual(broken(["Deployment minio: volume x", '{"hostPath":{"path":"/"}}']), [
      "Deployment minio: volume x",
    ]);
  });
});

describe("a mirror of charts", () => {
  const directory = mkdtempSync(join(tmpdir(), "charts-"));
  after(() => rmSync(directory, { recursive: true }));

  it("that lacks charts is refused with how to fill it", async () => {
    await assert.rejects(
      checkCharts({ upstream: directory, standIns, stack: "dev", settings: dev }),
      /lacks the charts minio, loki, alloy, grafana\.\n {2}-> put the folder minio or minio-5\.4\.0\.tgz there: helm pull/,
    );
  });

  it("holds charts as folders or archives", () => {
    for (const file of ["loki-18.11.0.tgz", "loki-canary-1.0.0.tgz", "minio.tgz"])
      writeFileSync(join(directory, file), "");
    mkdirSync(join(directory, "alloy"));
    writeFileSync(join(directory, "alloy", "Chart.yaml"), "");
    assert.equal(chartIn(directory, "loki", "18.11.0"), join(directory, "loki-18.11.0.tgz"));
    assert.equal(chartIn(directory, "minio", "5.4.0"), join(directory, "minio.tgz"));
    assert.equal(chartIn(directory, "alloy", "1.11.1"), join(directory, "alloy"));
    assert.equal(chartIn(directory, "grafana", "12.11.1"), undefined);
  });
});

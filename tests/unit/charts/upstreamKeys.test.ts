import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";

import { targetNames } from "../../../domain/topologies";
import type { Settings } from "../../../config/settings";
import { alloyValues } from "../../../render/alloy/values";
import { grafanaValues } from "../../../render/grafana/values";
import { lokiValues } from "../../../render/loki/values";
import { planOf } from "../../../render/plan";
import { minioValues } from "../../../render/minio/values";
import type { Values } from "../../../render/pod";
import { scenarios } from "../../golden/scenarios";
import { settingsFor, type Overrides } from "../../support/stack";
import { merged } from "../../support/tree";

/*
 * The charts ignore keys that they don't know, so a mistyped or removed one would do nothing in silence.
 * The pinned charts' default values are data beside the project; where they are absent these tests are skipped.
 */

const upstream = join(__dirname, "../../../../shared/upstream-values");

interface Chart {
  values: (settings: Settings) => Values;
  /** Maps that the chart hands on as they are, though upstream's default is not empty. */
  open: string[];
  /** Keys that the chart's templates read but its default values leave out. */
  undeclared: string[];
}

const charts: Record<"minio" | "loki" | "alloy" | "grafana", Chart> = {
  minio: {
    values: (settings) => minioValues(planOf(settings).minio!),
    open: ["resources", "securityContext", "containerSecurityContext"],
    undeclared: [],
  },
  loki: {
    values: (settings) => lokiValues(planOf(settings).loki),
    // The templates write an affinity as it is.
    open: targetNames.map((target) => `${target}.affinity`),
    undeclared: ["loki.storage.bucketNames", "gateway.readinessProbe.httpGet.scheme"],
  },
  alloy: { values: (settings) => alloyValues(planOf(settings).alloy), open: [], undeclared: [] },
  grafana: {
    values: (settings) => grafanaValues(planOf(settings).grafana!),
    open: ["grafana.ini", "securityContext", "containerSecurityContext", "deploymentStrategy"],
    undeclared: [
      "fullnameOverride",
      "podAnnotations",
      "podLabels",
      "priorityClassName",
      "serviceAccount.annotations",
      "persistence.storageClassName",
    ],
  },
};

const variants: Record<string, Overrides> = {
  defaults: {},
  "pods placed and named": scenarios.find(({ name }) => name === "eks")!.overrides,
  "a mirror and pull secrets": { images: { mirror: "mirror.example.com/all", pullSecrets: ["credentials"] } },
  digests: {
    images: Object.fromEntries(
      ["minio", "loki", "alloy", "grafana", "gateway", "memcached"].map((part) => [
        part,
        { digest: `sha256:${"0".repeat(64)}` },
      ]),
    ),
  },
  "a StorageClass": { storageClass: "fast" },
  "other topologies": { topology: "ha-monolithic", minio: { servers: 4, drivesPerServer: 1, parity: 2 } },
  "replicas that share nodes": { spread: { nodes: "preferred", zones: "required" } },
  "a cluster with IPv6 and a DNS of its own": {
    ipFamilies: ["IPv6", "IPv4"],
    dns: { service: "coredns", namespace: "dns", domain: "corp.local", address: "fd00::a" },
  },
  "a platform that assigns user ids": {
    fixedUserIds: false,
    alloy: { seLinuxType: "spc_t", podLogsDir: "/data/pods" },
  },
  certificates: { tls: { certificates: "given" } },
  "parts that are reached from outside, and a Grafana with everything": scenarios.find(
    ({ name }) => name === "exposed",
  )!.overrides,
  "logs from files": { alloy: { source: "files" } },
  "logs from the API server": { alloy: { source: "kubernetes-api" } },
  "a Prometheus that finds pods by annotations": { monitoring: { namespaces: ["monitoring"] } },
  "renewed credentials": {
    gateway: { authentication: "basic" },
    rotation: { gateway: 2, grafana: 2, lokiStore: 2, minioRoot: 2, unfinished: ["gateway", "grafana", "lokiStore"] },
  },
  "a CPU limit": {
    minio: { resources: { cpuLimit: "2" } },
    loki: { resources: { cpuLimit: "2" } },
    grafana: { resources: { cpuLimit: "2" } },
  },
};

const { charts: pinned } = settingsFor("prod");

/**
 * A file of a pinned chart; undefined where the data is not there at all. Fails where it is there, but not for this
 * version.
 */
function dataFile(folder: string, file: string): string | undefined {
  if (!existsSync(upstream)) {
    console.log(`      skipped: no ../shared/upstream-values, so nothing is checked against ${folder}/${file}`);
    return undefined;
  }
  assert.ok(
    existsSync(join(upstream, folder, file)),
    `../shared/upstream-values has no ${folder}/${file}: add that of the chart's new version`,
  );
  return readFileSync(join(upstream, folder, file), "utf8");
}

/**
 * Paths of our values that upstream's do not have; an empty map, a list or null upstream takes anything, and null of
 * ours takes upstream's away.
 */
function strayKeys(
  ours: unknown,
  theirs: unknown,
  { open, undeclared }: Pick<Chart, "open" | "undeclared">,
  path = "",
): string[] {
  if (open.includes(path) || ours === null || theirs === null || Array.isArray(theirs)) return [];
  const isMap = typeof theirs === "object";
  if (isMap && Object.keys(theirs).length === 0) return [];
  if (typeof ours !== "object" || Array.isArray(ours)) return isMap ? [`${path} (upstream: a map)`] : [];
  if (!isMap) return [`${path} (upstream: ${typeof theirs})`];
  return Object.entries(ours).flatMap(([key, value]) => {
    const below = path === "" ? key : `${path}.${key}`;
    if (key in theirs) return strayKeys(value, (theirs as Values)[key], { open, undeclared }, below);
    return undeclared.includes(below) ? [] : [below];
  });
}

describe("keys of the charts' values", () => {
  for (const [part, chart] of Object.entries(charts)) {
    const folder = `${part}-${pinned[part as keyof typeof charts].version}`;

    describe(folder, () => {
      let theirs: unknown;

      before(function () {
        const text = dataFile(folder, "values.yaml");
        if (text === undefined) this.skip();
        theirs = parse(text);
      });

      for (const profile of ["dev", "prod"] as const) {
        for (const [name, overrides] of Object.entries(variants)) {
          it(`${profile}, ${name}: every key is there upstream`, () => {
            assert.deepEqual(strayKeys(chart.values(settingsFor(profile, overrides)), theirs, chart), []);
          });
        }
      }

      it("a stray key would be found", () => {
        const values = { ...chart.values(settingsFor("dev")), notAKey: 1, serviceAccount: { creat: true } };
        assert.deepEqual(strayKeys(values, theirs, chart).sort(), ["notAKey", "serviceAccount.creat"]);
      });
    });
  }
});

describe("the values schema of Loki's chart", () => {
  const folder = `loki-${pinned.loki.version}`;
  let validate: ValidateFunction;
  let theirs: Values;

  before(function () {
    this.timeout(60_000);
    const [values, schema] = [dataFile(folder, "values.yaml"), dataFile(folder, "values.schema.json")];
    if (values === undefined || schema === undefined) this.skip();
    theirs = parse(values) as Values;
    validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
      JSON.parse(schema) as object,
    );
  });

  for (const profile of ["dev", "prod"] as const) {
    for (const [name, overrides] of Object.entries(variants)) {
      it(`${profile}, ${name}: takes our values over the chart's own, as Helm merges them`, () => {
        validate(merged(theirs, lokiValues(planOf(settingsFor(profile, overrides)).loki)));
        assert.deepEqual(validate.errors ?? [], []);
      });
    }
  }
});

import assert from "node:assert/strict";

import fc from "fast-check";

import { defaultsFor } from "../../../config/defaults";
import { ConfigError } from "../../../config/configError";
import type { SettingProblem } from "../../../domain/problem";
import { childrenOf, formatPath, settingPaths, type Path } from "../../../config/paths";
import { readSettings } from "../../../config/reader";
import { parseSettings } from "../../../config/stackConfig";
import { planOf } from "../../../render/plan";
import { record } from "../../support/recorder";
import { engineConfig, rawConfig, settingsFor, type Overrides } from "../../support/stack";
import { at } from "../../support/tree";
import { badConfigs } from "./bad";

const nested = (path: Path, value: unknown): Overrides =>
  path.reduceRight<unknown>((below, key) => ({ [key]: below }), value) as Overrides;

/** The config of a row as raw values; `profile: undefined` leaves the profile out. */
function rawOf(config: Overrides): Record<string, string> {
  const raw = rawConfig("dev", config);
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
}

function problemsIn(parse: () => unknown): readonly SettingProblem[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** What the reader refuses, and the plan, which refuses escape hatches. */
const problemsOf = (config: Overrides) => problemsIn(() => planOf(parseSettings(rawOf(config))));

describe("config: what is refused", () => {
  for (const [config, key, problem, remedy] of badConfigs) {
    it(JSON.stringify(config).slice(0, 90), () => {
      assert.deepEqual(problemsOf(config), [{ key, problem, remedy }]);
    });
  }

  it("has at least 60 bad configs", () => {
    assert.ok(badConfigs.length >= 60, `only ${badConfigs.length}`);
  });

  it("lists every problem at once, each with its key and remedy", () => {
    const config = {
      profile: "dev",
      tenent: "a",
      minio: '{"servers":0,"volumeSize":"big"}',
      loki: '{"limits":{"rate":1}}',
    };
    assert.throws(() => parseSettings(config), {
      name: "ConfigError",
      message: [
        "4 problems in the stack's config:",
        "  logharbor:minio.servers must be a whole number from 1 to 32; write for example 4",
        "  logharbor:minio.volumeSize must be a Kubernetes quantity of bytes, at least 1Mi; write for example 10Gi",
        "  logharbor:loki.limits.rate is not a known setting; settings here are ingestionRateMb, " +
          "ingestionBurstSizeMb, maxStreams, streamRateMb, maxLineSizeKb, cutLongLines, tenants, " +
          "maxEntriesLimitPerQuery, maxOutstandingRequestsPerTenant, rejectOldSamplesHours",
        "  logharbor:tenent is not a known setting; did you mean tenant?",
      ].join("\n"),
    });
  });

  it("lists every contradiction at once", () => {
    const keys = problemsOf({
      minio: { servers: 2 },
      retention: { warmDays: 1, deleteDelayHours: 30 },
      namespaces: { loki: "default" },
    }).map(({ key }) => key);
    assert.deepEqual(keys, ["namespaces.loki", "minio.servers", "retention.deleteDelayHours"]);
  });

  it("lists contradictions beside wrong values, but none with a value that is wrong itself", () => {
    const keys = problemsOf({
      minio: { servers: "two", buckets: { chunks: "logs", ruler: "logs" } },
      retention: { warmDays: 1, deleteDelayHours: 30 },
      namespaces: { lokki: "x", loki: "default" },
    }).map(({ key }) => key);
    assert.deepEqual(keys, [
      "namespaces.lokki",
      "minio.servers",
      "namespaces.loki",
      "minio.buckets.ruler",
      "retention.deleteDelayHours",
    ]);
  });

  it("says what is wrong of one problem in the singular", () => {
    assert.throws(() => parseSettings({}), {
      message: "1 problem in the stack's config:\n  logharbor:profile is not set; write for example dev",
    });
  });
});

describe("config: what is read", () => {
  it("a given value replaces its default and nothing beside it", () => {
    const settings = settingsFor("dev", {
      loki: { limits: { ingestionRateMb: 20 } },
      alloy: { excludeNamespaces: ["a", "b"] },
    });
    const expected = defaultsFor("dev") as unknown as ReturnType<typeof settingsFor>;
    expected.loki.limits.ingestionRateMb = 20;
    expected.alloy.excludeNamespaces = ["a", "b"];
    assert.deepEqual(settings, expected);
  });

  it("null takes an optional default away", () => {
    assert.equal(settingsFor("prod").alloy.resources.cpuLimit, "1");
    assert.ok(!("cpuLimit" in settingsFor("prod", { alloy: { resources: { cpuLimit: null } } }).alloy.resources));
  });

  it("null for what has no default changes nothing", () => {
    assert.deepEqual(
      settingsFor("dev", { minio: { endpoint: null }, images: { loki: { digest: null } } }),
      settingsFor("dev"),
    );
  });

  it("text stays text where it looks like a number, a boolean or JSON", () => {
    for (const tenant of ["7", "true", "null", "0x10"]) assert.equal(settingsFor("dev", { tenant }).tenant, tenant);
  });

  it("a parse does not share state with the next", () => {
    parseSettings(rawConfig("dev")).images.pullSecrets.push("a");
    assert.deepEqual(parseSettings(rawConfig("dev")).images.pullSecrets, []);
  });

  it("the engine's config gives the same settings, or the same refusal", async () => {
    const overrides = {
      tenant: "team-a",
      protectData: true,
      minio: { volumeSize: "20Gi" },
      images: { pullSecrets: ["a"] },
    };
    const { result } = await record(
      { ...engineConfig("prod", overrides), "kubernetes:context": "a", "other:profile": "dev" },
      () => readSettings(),
    );
    assert.deepEqual(result, settingsFor("prod", overrides));
    for (const [config] of badConfigs.filter((_, index) => index % 8 === 0)) {
      const engine = Object.fromEntries(
        Object.entries(rawOf(config)).map(([key, value]) => [`logharbor:${key}`, value]),
      );
      const { result: faults } = await record(engine, () => problemsIn(() => planOf(readSettings())));
      assert.deepEqual(faults, problemsOf(config));
    }
  });
});

describe("config: properties", () => {
  const text = fc.string({ maxLength: 12 });
  const valid: { path: Path; value: fc.Arbitrary<unknown> }[] = [
    { path: ["tenant"], value: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/) },
    { path: ["protectData"], value: fc.boolean() },
    { path: ["storageClass"], value: fc.stringMatching(/^[a-z0-9]{1,20}$/) },
    { path: ["namespaces", "loki"], value: fc.stringMatching(/^logs-[a-z0-9]{1,20}$/) },
    { path: ["minio", "servers"], value: fc.constantFrom(4, 8, 16) },
    { path: ["minio", "volumeSize"], value: fc.integer({ min: 1, max: 9999 }).map((n) => `${n}Gi`) },
    { path: ["minio", "endpoint"], value: fc.integer({ min: 1, max: 65535 }).map((port) => `127.0.0.1:${port}`) },
    { path: ["loki", "limits", "ingestionRateMb"], value: fc.integer({ min: 1, max: 32 }) },
    { path: ["loki", "limits", "ingestionBurstSizeMb"], value: fc.integer({ min: 32, max: 10000 }) },
    { path: ["retention", "warmDays"], value: fc.integer({ min: 7, max: 3650 }) },
    { path: ["alloy", "source"], value: fc.constantFrom("kubernetes-api", "files") },
    { path: ["alloy", "excludeNamespaces"], value: fc.array(fc.stringMatching(/^[a-z0-9]{1,10}$/), { maxLength: 4 }) },
    { path: ["grafana", "enabled"], value: fc.boolean() },
    { path: ["images", "mirror"], value: fc.domain().map((host) => host.toLowerCase()) },
  ];

  it("any choice of right values is taken, each where it was put", () => {
    const choice = fc.tuple(
      ...valid.map(({ path, value }) =>
        fc.option(
          value.map((given) => ({ path, given })),
          { nil: undefined },
        ),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom("dev" as const, "prod" as const), choice, (profile, chosen) => {
        const given = chosen.filter((one) => one !== undefined);
        const config: Record<string, unknown> = {};
        for (const { path, given: value } of given) {
          const group = path
            .slice(0, -1)
            .reduce((below, key) => (below[key] ??= {}) as Record<string, unknown>, config);
          group[path.at(-1)!] = value;
        }
        const settings = settingsFor(profile, config);
        for (const { path, given: value } of given) assert.deepEqual(at(settings, ...path), value);
      }),
    );
  });

  it("an unknown key is refused wherever it is, by its path", () => {
    const groups: Path[] = [
      [],
      ...new Map(
        settingPaths()
          .flatMap((path) => path.slice(0, -1).map((_, depth) => path.slice(0, depth + 1)))
          .map((path) => [formatPath(path), path]),
      ).values(),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...groups),
        fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty")),
        fc.jsonValue({ maxDepth: 2 }),
        (group, key, value) => {
          fc.pre(!childrenOf(group).includes(key) && !(group.length === 0 && key === "__proto__") && value !== null);
          const config = nested(group, JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`));
          // An optional group that is begun lacks its own settings too.
          const faults = problemsOf(config).filter(({ problem }) => problem !== "is not set");
          assert.deepEqual(
            faults.map((fault) => [fault.key, fault.problem]),
            [[formatPath([...group, key]), "is not a known setting"]],
          );
        },
      ),
    );
  });

  it("whatever the values are, they are taken or refused by a ConfigError", () => {
    const keys = fc.oneof(fc.constantFrom(...childrenOf([])), text);
    const somewhere = fc
      .tuple(fc.constantFrom(...settingPaths()), fc.jsonValue({ maxDepth: 2 }))
      .map(([path, value]) => {
        const [top = "", ...rest] = path;
        return { [top]: JSON.stringify(nested(rest, value)) };
      });
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(keys, fc.oneof(text, fc.json({ maxDepth: 3 }))), somewhere), (values) => {
        for (const fault of problemsIn(() => parseSettings({ profile: "prod", ...values }))) {
          assert.ok(
            !/undefined|\[object|Invalid input/.test(`${fault.problem} ${fault.remedy}`),
            JSON.stringify(fault),
          );
        }
      }),
    );
  });
});

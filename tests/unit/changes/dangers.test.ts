import assert from "node:assert/strict";
import fc from "fast-check";

import { DangerError, sorted } from "../../../changes/dangers/gate";
import { dangerNames, type DangerName } from "../../../domain/danger";
import type { Profile, Settings } from "../../../config/settings";
import { dangersOf } from "../../../changes/dangers/dangers";
import type { Existing } from "../../../changes/dangers/existing";
import { existingOf, nothing } from "../../support/existing";
import { settingsFor, someTier, type Overrides } from "../../support/stack";

const today = "2026-03-10";
const period = (from: string, indexPrefix = "loki_index_") => ({ from, schema: "v13", indexPrefix });
const old = period("2024-04-01");

interface Case {
  title: string;
  profile?: Profile;
  /** Settings that are in force, and those that are to come. */
  before?: Overrides;
  after: Overrides;
  /** What else is so in the cluster. */
  but?: (existing: Existing) => void;
  key: string;
  says: RegExp;
  remedy: RegExp;
  allow?: DangerName;
}

const cases: Case[] = [
  {
    title: "a smaller volume of Loki",
    before: { loki: { volumeSize: "20Gi" } },
    after: {},
    key: "loki.volumeSize",
    says: /below the 20Gi of StatefulSet loki: a volume can't shrink/,
    remedy: /set it back to 20Gi/,
  },
  {
    title: "a larger volume of Loki",
    after: { loki: { volumeSize: "20Gi" } },
    key: "loki.volumeSize",
    says: /up would fail halfway/,
    remedy:
      /^let the claims grow.*kubectl -n logharbor-loki patch pvc data-loki-0 -p '\{"spec".*"20Gi".*kubectl -n logharbor-loki delete statefulset loki --cascade=orphan$/,
  },
  {
    title: "a larger volume whose class does not let it grow",
    after: { loki: { volumeSize: "20Gi" } },
    but: ({ loki }) => loki.claims.forEach((claim) => (claim.expandable = false)),
    key: "loki.volumeSize",
    says: /above the 10Gi/,
    remedy: /the StorageClass of data-loki-0 does not let volumes grow/,
  },
  {
    title: "claims that have not grown, of a StatefulSet that was taken away for it",
    after: { loki: { volumeSize: "20Gi" } },
    but: ({ loki }) => (loki.workloads = []),
    key: "loki.volumeSize",
    says: /but data-loki-0 has 10Gi/,
    remedy: /let the claims grow first/,
  },
  {
    title: "another StorageClass",
    after: { storageClass: "fast" },
    key: "storageClass",
    says: /the volumes of StatefulSet loki have the default class/,
    remedy: /set it back/,
  },
  {
    title: "a larger volume of a distributed MinIO",
    profile: "prod",
    after: { minio: { volumeSize: "200Gi" } },
    key: "minio.volumeSize",
    says: /above the 100Gi of StatefulSet minio/,
    remedy: /patch pvc export-0-minio-0 export-1-minio-0 export-0-minio-1 /,
  },
  {
    title: "a smaller volume of a single MinIO",
    after: { minio: { volumeSize: "5Gi" } },
    key: "minio.volumeSize",
    says: /below the 10Gi that MinIO has/,
    remedy: /set it back to 10Gi/,
  },
  {
    title: "a larger volume of a single MinIO that can't grow",
    after: { minio: { volumeSize: "50Gi" } },
    but: ({ minio }) => minio.claims.forEach((claim) => (claim.expandable = false)),
    key: "minio.volumeSize",
    says: /does not let volumes grow/,
    remedy: /set it back to 10Gi/,
  },
  {
    title: "TLS between servers of a MinIO that speak in clear",
    profile: "prod",
    after: { tls: { certificates: "given" } },
    key: "tls.certificates",
    says: /is given: MinIO servers with and without TLS cannot form one cluster/,
    remedy: /kubectl -n logharbor-minio delete statefulset minio$/,
  },
  {
    title: "no TLS any more between servers of MinIO",
    profile: "prod",
    before: { tls: { certificates: "given" } },
    after: {},
    key: "tls.certificates",
    says: /is none/,
    remedy: /delete statefulset minio$/,
  },
  {
    title: "an edited schema period",
    after: { loki: { schema: [period("2024-04-01", "other_")] } },
    key: "loki.schema",
    says: /lacks the period from 2024-04-01/,
    remedy: /put it back/,
    allow: "schema-edited",
  },
  {
    title: "a removed schema period",
    before: { loki: { schema: [old, period("2025-01-01", "b_")] } },
    after: {},
    key: "loki.schema",
    says: /lacks the period from 2025-01-01/,
    remedy: /put it back/,
    allow: "schema-edited",
  },
  {
    title: "a new schema period that begins today",
    after: { loki: { schema: [old, period(today, "b_")] } },
    key: "loki.schema",
    says: /new period from 2026-03-10, which has already begun/,
    remedy: /tomorrow or later/,
    allow: "schema-edited",
  },
  {
    title: "a shorter retention",
    before: { retention: { warmDays: 30 } },
    after: { retention: { warmDays: 14 } },
    key: "retention.warmDays",
    says: /keeps logs for 14 days instead of 30 days/,
    remedy: /at least 30/,
    allow: "retention-cut",
  },
  {
    title: "a stream that is kept shorter",
    after: { retention: { streams: [{ selector: '{namespace="a"}', days: 2, priority: 1 }] } },
    key: "retention.streams",
    says: /keeps \{namespace="a"\} for 2 days instead of 7 days/,
    remedy: /at least 7 days/,
    allow: "retention-cut",
  },
  {
    title: "a stream that is no longer kept longer",
    before: { retention: { streams: [{ selector: '{namespace="a"}', days: 90, priority: 1 }] } },
    after: {},
    key: "retention.streams",
    says: /for 7 days instead of 90 days/,
    remedy: /at least 90 days/,
    allow: "retention-cut",
  },
  {
    title: "another bucket of chunks",
    after: { minio: { buckets: { chunks: "other" } } },
    key: "minio.buckets.chunks",
    says: /but Loki stores in loki-bucket: that bucket and its content would be deleted/,
    remedy: /back to loki-bucket/,
    allow: "bucket-replaced",
  },
  {
    title: "another bucket of rules",
    after: { minio: { buckets: { ruler: "other" } } },
    key: "minio.buckets.ruler",
    says: /but Loki stores in loki-ruler-bucket/,
    remedy: /back to/,
    allow: "bucket-replaced",
  },
  {
    title: "a cold tier that is taken away, whose chunks would be past their retention",
    before: { minio: { tier: someTier }, retention: { coldDays: 365 } },
    after: { minio: { tier: someTier } },
    key: "retention.warmDays",
    says: /keeps logs for 7 days instead of 365 days/,
    remedy: /at least 365/,
    allow: "retention-cut",
  },
  {
    title: "a shorter cold tier",
    before: { minio: { tier: someTier }, retention: { coldDays: 365 } },
    after: { minio: { tier: someTier }, retention: { coldDays: 90 } },
    key: "retention.coldDays",
    says: /keeps logs for 90 days instead of 365 days/,
    remedy: /at least 365/,
    allow: "retention-cut",
  },
  {
    title: "a remote tier that is taken away",
    before: { minio: { tier: someTier } },
    after: {},
    key: "minio.tier",
    says: /is unset, but chunks have been moved to s3 https:\/\/s3\.example\.com\/cold-logs\/logharbor/,
    remedy: /leave retention\.coldDays out and keep the tier/,
    allow: "tier-changed",
  },
  {
    title: "another remote bucket",
    before: { minio: { tier: someTier }, retention: { coldDays: 365 } },
    after: { minio: { tier: { ...someTier, bucket: "other" } }, retention: { coldDays: 365 } },
    key: "minio.tier",
    says: /is s3 https:\/\/s3\.example\.com\/other\/logharbor, but/,
    remedy: /set it back/,
    allow: "tier-changed",
  },
  {
    title: "MinIO in another namespace",
    after: { namespaces: { minio: "elsewhere" } },
    but: (existing) => (existing.minio = nothing.minio),
    key: "namespaces.minio",
    says: /lives in logharbor-minio: that namespace and every log in it would be deleted/,
    remedy: /back to logharbor-minio/,
    allow: "namespace-moved",
  },
  {
    title: "fewer MinIO servers",
    profile: "prod",
    before: { minio: { servers: 8 } },
    after: {},
    key: "minio.servers",
    says: /changes 8 x 2 drives to 4 x 2/,
    remedy: /mc mirror/,
    allow: "minio-replaced",
  },
  {
    title: "more MinIO servers",
    profile: "prod",
    after: { minio: { servers: 8 } },
    key: "minio.servers",
    says: /changes 4 x 2 drives to 8 x 2/,
    remedy: /second stack/,
    allow: "minio-replaced",
  },
  {
    title: "fewer drives",
    profile: "prod",
    after: { minio: { drivesPerServer: 1 } },
    key: "minio.drivesPerServer",
    says: /changes 4 x 2 drives to 4 x 1/,
    remedy: /set it back/,
    allow: "minio-replaced",
  },
  {
    title: "one MinIO that becomes four",
    after: { minio: { servers: 4 } },
    key: "minio.servers",
    says: /changes 1 x 1 drives to 4 x 1/,
    remedy: /mc mirror/,
    allow: "minio-replaced",
  },
  {
    title: "one process that becomes write, read and backend",
    after: { topology: "simple-scalable" },
    key: "topology",
    says: /but loki run: up would remove them all at once/,
    remedy: /POST \/flush/,
    allow: "topology-change",
  },
  {
    title: "write, read and backend that become three processes",
    profile: "prod",
    after: { topology: "ha-monolithic" },
    key: "topology",
    says: /but loki-write, loki-read, loki-backend run/,
    remedy: /flush/,
    allow: "topology-change",
  },
  {
    title: "two writers fewer",
    profile: "prod",
    before: { loki: { replicas: { write: 5 } } },
    after: {},
    key: "loki.replicas.write",
    says: /is 3, but 5 run/,
    remedy: /lower it by one/,
    allow: "ingesters-removed",
  },
  {
    title: "another major version of a chart",
    after: { charts: { loki: { version: "19.0.0" } } },
    key: "charts.loki.version",
    says: /but version 18 of its chart installed/,
    remedy: /charts:check/,
    allow: "chart-major-upgrade",
  },
  {
    title: "an older Loki",
    after: { images: { loki: { tag: "3.6.9" } } },
    key: "images.loki.tag",
    says: /is 3\.6\.9, older than the 3\.7\.6/,
    remedy: /3\.7\.6 or newer/,
    allow: "loki-downgrade",
  },
  {
    title: "data of prod that is no longer protected",
    profile: "prod",
    after: { protectData: false },
    key: "protectData",
    says: /is false in prod/,
    remedy: /set it to true/,
    allow: "data-unprotected",
  },
];

describe("dangers of a change", () => {
  for (const { title, profile = "dev", before = {}, after, but, key, says, remedy, allow } of cases) {
    it(`${title}: ${allow ?? "refused in any case"}`, () => {
      const existing = existingOf(settingsFor(profile, before));
      but?.(existing);
      const dangers = dangersOf(existing, settingsFor(profile, after), today);
      assert.deepEqual(
        dangers.map((danger) => danger.key),
        [key],
      );
      assert.match(dangers[0]!.problem, says);
      assert.match(dangers[0]!.remedy, remedy);
      assert.equal(dangers[0]!.allow, allow);
    });
  }

  it("has a case for each that can be allowed", () => {
    assert.deepEqual([...new Set(cases.flatMap(({ allow }) => allow ?? []))].sort(), [...dangerNames].sort());
  });

  const harmless: [string, Profile, Overrides, Overrides][] = [
    ["a longer retention", "dev", {}, { retention: { warmDays: 90 } }],
    ["a schema period in the future", "dev", {}, { loki: { schema: [old, period("2026-03-11", "b_")] } }],
    [
      "a future period that is moved",
      "dev",
      { loki: { schema: [old, period("2026-04-01", "b_")] } },
      { loki: { schema: [old, period("2026-05-01", "c_")] } },
    ],
    ["one writer fewer", "prod", { loki: { replicas: { write: 4 } } }, {}],
    ["more of Loki", "prod", {}, { loki: { replicas: { write: 6, read: 5, backend: 4 } } }],
    ["another minor version of a chart", "prod", {}, { charts: { loki: { version: "18.12.0" } } }],
    ["a newer Loki", "prod", {}, { images: { loki: { tag: "3.8.0" } } }],
    [
      "limits, resources and caches",
      "prod",
      {},
      {
        loki: {
          limits: { ingestionRateMb: 30, ingestionBurstSizeMb: 60 },
          resources: { memoryLimit: "8Gi" },
          caches: { chunksMb: 0 },
        },
      },
    ],
    ["a single MinIO that may grow", "dev", {}, { minio: { volumeSize: "50Gi" } }],
    ["a first cold tier", "prod", {}, { minio: { tier: someTier }, retention: { coldDays: 365 } }],
    [
      "a remote tier with other credentials",
      "dev",
      { minio: { tier: someTier } },
      { minio: { tier: { ...someTier, secret: "cold-tier-2" } } },
    ],
    [
      "chunks that move sooner",
      "dev",
      { minio: { tier: someTier }, retention: { coldDays: 90 } },
      { minio: { tier: someTier }, retention: { warmDays: 3, coldDays: 90 } },
    ],
    ["TLS of a single MinIO", "dev", {}, { tls: { certificates: "given" } }],
    [
      "another maker of the same certificates",
      "prod",
      { tls: { certificates: "given" } },
      { tls: { certificates: "cert-manager", issuer: "internal-ca" } },
    ],
    ["stricter protection", "dev", {}, { protectData: true }],
  ];
  for (const [title, profile, before, after] of harmless) {
    it(`none: ${title}`, () =>
      assert.deepEqual(dangersOf(existingOf(settingsFor(profile, before)), settingsFor(profile, after), today), []));
  }

  it("none when nothing changes, whatever is set, and none where nothing is", () => {
    const overrides = fc.record({
      topology: fc.constantFrom("single-binary", "simple-scalable", "ha-monolithic"),
      minio: fc.record({
        servers: fc.constantFrom(4, 8, 16),
        drivesPerServer: fc.constantFrom(1, 2, 4),
        volumeSize: fc.constantFrom("1Gi", "2Ti"),
      }),
      retention: fc.record({
        warmDays: fc.integer({ min: 7, max: 400 }),
        streams: fc.array(
          fc.record({
            selector: fc.constantFrom('{a="1"}', '{b="2"}'),
            days: fc.integer({ min: 1, max: 500 }),
            priority: fc.integer({ min: 0, max: 9 }),
          }),
          { maxLength: 1 },
        ),
      }),
      storageClass: fc.constantFrom("fast", "slow"),
    });
    fc.assert(
      fc.property(fc.constantFrom("dev" as const, "prod" as const), overrides, (profile, given) => {
        const settings: Settings = settingsFor(profile, given);
        assert.deepEqual(dangersOf(existingOf(settings), settings, today), []);
        assert.deepEqual(dangersOf(nothing, settings, today), []);
      }),
      { numRuns: 100 },
    );
  });

  it("are told all at once, each with its remedy and the yes that lets it pass", () => {
    const dangers = dangersOf(
      existingOf(settingsFor("dev")),
      settingsFor("dev", { retention: { warmDays: 3 }, loki: { volumeSize: "1Gi" } }),
      today,
    );
    assert.equal(
      new DangerError(dangers).message,
      [
        "2 changes would lose logs or fail halfway, so nothing was touched:",
        "  logharbor:loki.volumeSize is 1Gi, below the 10Gi of StatefulSet loki: a volume can't shrink",
        "  -> set it back to 10Gi",
        "  logharbor:retention.warmDays keeps logs for 3 days instead of 7 days as now: the compactor would delete the days between",
        "  -> set it to at least 7",
        "  -> or accept it: pulumi config set --path 'logharbor:allow[0]' retention-cut",
      ].join("\n"),
    );
  });

  it("pass where `allow` names them, and an `allow` that nothing needs is told", () => {
    const dangers = dangersOf(
      existingOf(settingsFor("dev")),
      settingsFor("dev", { retention: { warmDays: 3 }, loki: { volumeSize: "1Gi" } }),
      today,
    );
    const { refused, passed, unneeded } = sorted(dangers, ["retention-cut", "topology-change"]);
    assert.deepEqual(
      [refused.map(({ key }) => key), passed.map(({ key }) => key), unneeded],
      [["loki.volumeSize"], ["retention.warmDays"], ["topology-change"]],
    );
  });
});

import assert from "node:assert/strict";

import { lokiConfig } from "../../../../render/loki/config";
import { outputsOf } from "../../../../render/outputs";
import { tierLifecycle, tierName, tierPort } from "../../../../render/minio/tier";
import { keptDays } from "../../../../domain/retention";
import type { Settings } from "../../../../config/settings";
import { settingsFor, someTier, type Overrides } from "../../../support/stack";
import { at } from "../../../support/tree";
import { planOf } from "../../../../render/plan";

const tiered: Overrides = { minio: { tier: someTier }, retention: { coldDays: 365 } };
const settings = settingsFor("prod", tiered);
const tier = settings.minio.tier!;
const lifecycleOf = (settings: Settings) =>
  JSON.parse(tierLifecycle(planOf(settings).remoteTier!, tier)) as {
    Rules: { ID: string; Filter?: { Prefix: string }; Transition?: { Days: number; StorageClass: string } }[];
  };

describe("the cold tier", () => {
  it("keeps logs for all its days, in Loki's eyes", () => {
    assert.equal(at(lokiConfig(planOf(settings).loki), "limits_config", "retention_period"), `${365 * 24}h`);
    assert.equal(at(lokiConfig(planOf(settingsFor("prod")).loki), "limits_config", "retention_period"), `${30 * 24}h`);
    assert.deepEqual([keptDays(settings.retention), keptDays(settingsFor("prod").retention)], [365, 30]);
  });

  it("moves the chunks of each tenant after the warm days, and never the index", () => {
    const { Rules } = lifecycleOf(
      settingsFor("prod", { ...tiered, gateway: { authentication: "basic", tenants: ["team-a"] } }),
    );
    assert.deepEqual(Rules[0], {
      ID: "old-versions",
      Status: "Enabled",
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    assert.deepEqual(
      Rules.slice(1).map(({ Filter, Transition }) => [Filter?.Prefix, Transition?.Days, Transition?.StorageClass]),
      [
        ["logharbor/", 30, tierName(tier)],
        ["team-a/", 30, tierName(tier)],
      ],
    );
    for (const { Filter } of Rules.slice(1)) assert.ok(!"index/loki_index_19000/x.tsdb.gz".startsWith(Filter!.Prefix));
  });

  it("moves nothing any more when the cold days are taken away, but keeps the tier", () => {
    assert.deepEqual(
      lifecycleOf(settingsFor("prod", { minio: { tier: someTier } })).Rules.map(({ ID }) => ID),
      ["old-versions"],
    );
  });

  it("has another name in MinIO at another address, and the same with other credentials", () => {
    assert.match(tierName(tier), /^COLD-[0-9A-F]{8}$/);
    for (const change of [
      { kind: "minio" as const },
      { endpoint: "https://a" },
      { bucket: "abc" },
      { prefix: "x" },
      { prefix: undefined },
    ])
      assert.notEqual(tierName({ ...tier, ...change }), tierName(tier));
    assert.equal(tierName({ ...tier, secret: "other" }), tierName(tier));
  });

  it("is reached at its own port, or that of its scheme", () => {
    assert.deepEqual(
      ["https://a", "http://a", "http://a:9000"].map((endpoint) => tierPort({ ...tier, endpoint })),
      [443, 80, 9000],
    );
  });

  it("tells in the outputs which Secret holds its credentials", () => {
    assert.deepEqual(outputsOf(settings).secrets.remoteTier, { namespace: "logharbor-minio", name: "cold-tier" });
    assert.ok(!("remoteTier" in outputsOf(settingsFor("prod")).secrets));
  });
});

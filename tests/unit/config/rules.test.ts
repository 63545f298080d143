import assert from "node:assert/strict";

import { defaultsFor } from "../../../config/defaults";
import { rules } from "../../../config/rules";
import { settingsSchema, type Settings } from "../../../config/settings";
import { planOf } from "../../../render/plan";
import type { Overrides } from "../../support/stack";
import { merged } from "../../support/tree";
import { badConfigs } from "./bad";

/** The settings of a config, which rules may refuse; none where a setting is wrong by itself. */
function settingsOf(config: Overrides): Settings[] {
  const defaults = defaultsFor(config.profile === "prod" ? "prod" : "dev");
  const { data } = settingsSchema.safeParse(merged(defaults, config));
  return data === undefined ? [] : [data];
}

/** The same data; notes each path that is read in it. A group is read where its keys are asked for. */
function noting<T extends object>(data: T, read: Set<string>, path = ""): T {
  const pathOf = (key: string) => (path === "" ? key : `${path}.${key}`);
  return new Proxy(data, {
    get(group, key) {
      const value: unknown = Reflect.get(group, key);
      const isOwn = typeof key === "string" && typeof value !== "function";
      if (isOwn && typeof value === "object" && value !== null) return noting(value, read, pathOf(key));
      read.add(isOwn ? pathOf(key) : path);
      return value;
    },
    has: (group, key) => (read.add(pathOf(String(key))), Reflect.has(group, key)),
    ownKeys: (group) => (read.add(path), Reflect.ownKeys(group)),
  });
}

/** Whether the plan takes the settings, escape hatches included. */
function canPlan(settings: Settings): boolean {
  try {
    return planOf(settings) !== undefined;
  } catch {
    return false;
  }
}

describe("a rule that spans settings", () => {
  const all = [{ profile: "dev" }, { profile: "prod" }, ...badConfigs.map(([config]) => config)].flatMap(settingsOf);

  for (const { reads, judge } of rules) {
    it(`${judge.name} reads what it says: ${reads.join(", ")}`, () => {
      const read = new Set<string>();
      for (const settings of all) judge(noting(settings, read));
      const isIn = (path: string, group: string) => path === group || path.startsWith(`${group}.`);
      assert.deepEqual(
        {
          more: [...read].filter((path) => !reads.some((group) => isIn(path, group))),
          less: reads.filter((group) => ![...read].some((path) => isIn(path, group))),
        },
        { more: [], less: [] },
      );
    });
  }

  it("is judged with the configs that break one", () => {
    const broken = all.filter(
      (settings) => rules.some(({ judge }) => judge(settings).length > 0) || !canPlan(settings),
    );
    assert.ok(all.length > 60 && broken.length === all.length - 2, `${broken.length} of ${all.length}`);
  });
});

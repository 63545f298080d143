import assert from "node:assert/strict";
import { join } from "node:path";

import type { ICruiseResult } from "dependency-cruiser";

/** The rooms of the house, from the ground up, and the rooms that each may import from; itself it always may. */
const rooms: Record<string, readonly string[]> = {
  domain: [],
  config: ["domain"],
  render: ["domain", "config"],
  components: ["domain", "config", "render"],
  cluster: ["domain", "config", "render"],
  logs: ["domain", "config", "render", "cluster"],
  changes: ["domain", "config", "render", "cluster"],
  charts: ["domain", "config", "render"],
  doctor: ["domain", "config", "render", "cluster", "logs"],
  "index.ts": ["domain", "config", "render", "components", "cluster", "changes"],
  automation: ["domain", "config", "render", "cluster", "logs", "changes", "index.ts"],
  local: ["domain", "config", "render", "cluster", "logs", "charts", "automation"],
  cli: ["domain", "config", "render", "cluster", "logs", "changes", "charts", "doctor", "automation", "local"],
  policies: [],
};

const isIn = (names: readonly string[]) => `^(${names.map((name) => name.replace(".", "\\.")).join("|")})(/|$)`;

/** What dependency-cruiser finds wrong between the rooms. */
async function violations(): Promise<string[]> {
  const { cruise } = await import("dependency-cruiser");
  const names = Object.keys(rooms);
  const { output } = await cruise(names, {
    baseDir: join(__dirname, "../.."),
    tsPreCompilationDeps: true, // types are imports too
    tsConfig: { fileName: "tsconfig.json" },
    includeOnly: isIn(names),
    validate: true,
    ruleSet: {
      forbidden: [
        { name: "circle", severity: "error", from: {}, to: { circular: true } },
        ...names.map((name) => ({
          name: `from ${name}`,
          severity: "error" as const,
          from: { path: isIn([name]) },
          to: { pathNot: isIn([name, ...(rooms[name] ?? [])]) },
        })),
      ],
    },
  });
  const { summary } = output as ICruiseResult;
  assert.ok(summary.totalCruised > 100, "the rooms were looked at");
  return summary.violations.map(({ from, to }) => `${from} -> ${to}`);
}

describe("the rooms", function () {
  // Three seconds on an idle machine, more than twenty on a busy one.
  this.timeout(120_000);

  it("import one way only, and in no circle", async () => {
    assert.deepEqual(await violations(), []);
  });
});

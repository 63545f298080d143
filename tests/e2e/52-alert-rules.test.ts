import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { bin } from "../../local/builds/build";
import type { Watched } from "../../render/monitoring/alert";
import { alertsOf } from "../../render/monitoring/alerts";
import { ruleGroups } from "../../render/monitoring/rules";
import { planOf } from "../../render/plan";
import { healthySeries, toldFaults, type Series } from "../support/alertSeries";
import { full } from "../support/sizes";
import { settingsFor, someTier } from "../support/stack";

const why = "compiles promtool; unit tests read the rules by the grammar of PromQL";

/** Prometheus' own engine evaluates the rules over series that we wrote: no cluster, and hours in a second. */
describe("the rules of the platform's alerts, by Prometheus' promtool", () => {
  const spec = planOf(
    settingsFor("prod", {
      canary: { enabled: true },
      minio: { tier: someTier },
      retention: { coldDays: 365 },
      monitoring: { namespaces: ["monitoring"] },
      tls: { certificates: "cert-manager", issuer: "internal" },
    }),
  ).monitoring! satisfies Watched;
  const alerts = alertsOf(spec).map(({ name }) => name);
  const watchdog = "LogharborWatchdog";
  const healthy = healthySeries(spec);
  const faults = toldFaults(spec);
  let folder: string;

  before(function () {
    if (!existsSync(bin("promtool"))) {
      console.log("      skipped: no promtool; a run with --full compiles it (not for kind)");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "logharbor-rules-"));
    writeFileSync(join(folder, "rules.yml"), stringify({ groups: ruleGroups(spec) }));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  /** What promtool is to find: at these minutes, exactly these alerts fire. */
  const check = (name: string, changed: Series, times: [minute: number, alerts: readonly string[]][]) => ({
    name,
    interval: "1m",
    input_series: Object.entries({ ...healthy, ...changed }).map(([series, values]) => ({ series, values })),
    promql_expr_test: times.map(([minute, names]) => ({
      expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: `${minute}m`,
      exp_samples: [...names, watchdog].map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
    })),
  });

  full(
    why,
    "are silent for 15 hours of a healthy stack; each fires when its fault has lasted, not before, and no other does",
    async () => {
      assert.deepEqual(Object.keys(faults).sort(), alerts.filter((name) => name !== watchdog).sort());
      const tests = [
        check("healthy", {}, [
          [1, []],
          [60, []],
          [15 * 60, []],
        ]),
        ...Object.entries(faults).map(([name, { firesAt, quietUntil, series }]) =>
          check(name, series, [
            [quietUntil, []],
            [firesAt, [name]],
          ]),
        ),
      ];
      const file = join(folder, "tests.yml");
      writeFileSync(file, stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests }));
      await promisify(execFile)(bin("promtool"), ["test", "rules", file]).catch(
        ({ stdout, stderr }: { stdout: string; stderr: string }) => assert.fail(`${stdout}${stderr}`),
      );
    },
  );
});

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Watched } from "../../../../render/monitoring/alert";
import { alertsOf, runbookOf } from "../../../../render/monitoring/alerts";
import { logAlerts } from "../../../../render/monitoring/logAlerts";
import { planOf } from "../../../../render/plan";
import { sectionParts, sectionsOf } from "../../../support/runbooks";
import { promqlFault } from "../../../support/promql";
import { settingsFor, someTier, type Overrides } from "../../../support/stack";

const root = join(__dirname, "../../../..");
const monitoring = { namespaces: ["monitoring"] };

const stacks: [title: string, profile: "dev" | "prod", overrides: Overrides][] = [
  ["dev", "dev", {}],
  [
    "prod with everything",
    "prod",
    {
      tls: { certificates: "cert-manager", issuer: "internal-ca" },
      minio: { tier: someTier },
      retention: { coldDays: 365 },
      canary: { enabled: true },
    },
  ],
];

const watchedBy = (profile: "dev" | "prod", overrides: Overrides): Watched =>
  planOf(settingsFor(profile, { monitoring, ...overrides })).monitoring!;

describe("the alerts", () => {
  for (const [title, profile, overrides] of stacks) {
    const watched = watchedBy(profile, overrides);
    const alerts = alertsOf(watched);

    it(`of ${title}: are PromQL`, async () => {
      assert.notEqual(await promqlFault('sum by (a) (rate(b{c="d"}[5m]) > 0'), undefined, "the grammar finds a fault");
      for (const { name, expr } of alerts) assert.equal(await promqlFault(expr), undefined, `${name}: ${expr}`);
    });

    it(`of ${title}: look only at the stack's own namespaces`, () => {
      const own = Object.values(watched.namespaces);
      for (const { name, expr } of alerts.filter((alert) => alert.severity !== "none")) {
        const selectors = [...expr.matchAll(/\{([^{}]*)\}/g)].map(([, matchers]) => matchers!);
        assert.ok(selectors.length > 0, name);
        for (const matchers of selectors)
          assert.ok(
            own.some((namespace) => matchers.includes(namespace)),
            `${name}: ${matchers}`,
          );
      }
    });

    it(`of ${title}: lead to a section with meaning, impact, and what to see and do`, () => {
      for (const alert of alerts) {
        const [page, anchor] = runbookOf(alert).split("#") as [string, string];
        const section = sectionsOf(page).get(anchor) ?? "";
        for (const part of sectionParts) assert.ok(section.includes(part), `${page}#${anchor} has no ${part}`);
      }
    });

    it(`of ${title}: have a name of their own, a time that Prometheus can read, and words`, () => {
      assert.equal(new Set(alerts.map(({ name }) => name)).size, alerts.length);
      for (const { name, for: time = "1m", summary, description } of alerts) {
        assert.match(name, /^Logharbor[A-Z][A-Za-z]+$/);
        assert.match(time, /^[1-9]\d*[smhd]$/, name);
        assert.match(summary, /\.$/, name);
        assert.match(description, /\.$/, name);
      }
    });
  }

  it("have no runbook without an alert", () => {
    const told = new Set(
      stacks.flatMap(([, ...stack]) => alertsOf(watchedBy(...stack))).map((alert) => runbookOf(alert)),
    );
    for (const page of ["loki", "alloy", "canary", "minio", "grafana", "alerting"].map(
      (name) => `docs/runbooks/${name}.md`,
    )) {
      assert.ok(existsSync(join(root, page)), page);
      for (const anchor of sectionsOf(page).keys()) assert.ok(told.has(`${page}#${anchor}`), `${page}#${anchor}`);
    }
  });

  it("link to the runbooks at an address of the operator's", () => {
    assert.equal(
      runbookOf({ name: "LogharborLokiDown", page: "loki" }, "https://example.com/runbooks"),
      "https://example.com/runbooks/loki.md#logharborlokidown",
    );
  });

  it("are told in docs/monitoring.md, each with what tells it", () => {
    const all = stacks.flatMap(([, ...stack]) => alertsOf(watchedBy(...stack)));
    const rows = [...new Map(all.map((alert) => [alert.name, alert])).values()].map(
      ({ name, page, summary, logs }) =>
        `| [${name}](runbooks/${page}.md#${name.toLowerCase()}) | ${summary} | ${logs === undefined ? "metrics" : "metrics, logs"} |`,
    );
    const told = readFileSync(join(root, "docs/monitoring.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| [Logharbor"));
    assert.deepEqual(told.sort(), rows.sort());
  });
});

describe("the alerts over logs", () => {
  const watched = watchedBy("prod", { minio: { tier: someTier }, retention: { coldDays: 365 } });
  const alerts = logAlerts(watched, "https://example.com/runbooks");

  it("are those faults that logs tell, with the same name and runbook", () => {
    const names = alertsOf(watched).flatMap(({ name, logs }) => (logs === undefined ? [] : [name]));
    assert.deepEqual(
      alerts.map(({ name }) => name),
      names,
    );
    assert.ok(names.length > 10);
    for (const { name, runbook, threshold } of alerts) {
      assert.ok(runbook.endsWith(`#${name.toLowerCase()}`) && runbook.startsWith("https://example.com/"));
      assert.ok(threshold >= 0);
    }
  });

  it("cannot match their own text, which Loki logs when it evaluates them", () => {
    const loki = alerts.filter(({ expr }) => expr.includes(`namespace="${watched.namespaces.loki}"`));
    assert.ok(loki.length > 5);
    for (const { name, expr } of loki)
      assert.match(expr, /\|= "[^"]+" \| logfmt .* (caller|msg|err)=~?"|\|~ "\^panic: "/, name);
  });
});

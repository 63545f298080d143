import { stringify } from "yaml";

import { leavingOutPlatform } from "../../config/alertQueries";
import { readRuleFile, type RuleGroup } from "../../config/ruleFiles";
import type { AlertRule } from "../../config/settings";
import { alertAnnotations } from "../alertAnnotations";
import type { LokiSpec } from "./spec";

/** Index label `job` of the lines by which people test the way of an alert. */
export const testJob = "logharbor-alert-test";
/** Alert that such a line raises. Its label `rule` names the alert that is tested. */
export const testAlert = "LogharborTest";

type Deciding = Pick<LokiSpec, "ruler" | "tenant" | "tenants">;

/** The groups of rules by tenant, for tenants with any. Each rule of the settings is a group: rulers share groups. */
export function rulesByTenant(spec: Deciding): Record<string, RuleGroup[]> {
  const { ruler, tenant, tenants } = spec;
  const own = (name: string) => ruler.rules.filter((rule) => (rule.tenant ?? tenant) === name);
  return Object.fromEntries(
    [tenant, ...tenants]
      .map((name): [string, RuleGroup[]] => [
        name,
        [
          ...own(name).map((rule) => ({ name: rule.name, rules: [lokiRule(rule, name, spec)] })),
          ...(name === tenant
            ? [
                ...ruler.files.flatMap((path) => readRuleFile(path).groups).map((group) => fileGroup(group, spec)),
                ...platformGroup(name, spec),
                testGroup(name),
              ]
            : []),
        ],
      ])
      .filter(([, groups]) => groups.length > 0),
  );
}

/** `data` of the ConfigMap with the rules. */
export function ruleFiles(spec: Deciding): Record<string, string> {
  return Object.fromEntries(
    Object.values(rulesByTenant(spec)).map((groups, index) => [
      ruleFileName(index),
      stringify({ groups }, { lineWidth: 0 }),
    ]),
  );
}

/** Key in that ConfigMap of a tenant's rules. Not the tenant's name, which may hold what a key cannot. */
export function ruleFileName(index: number): string {
  return `tenant-${index}.yaml`;
}

/** The query of a rule as Loki evaluates it. */
export function queryOf(
  { expr, threshold }: Pick<AlertRule, "expr" | "threshold">,
  platform: LokiSpec["ruler"]["platform"],
): string {
  return `(${leavingOutPlatform(expr.trim(), platform)}) > ${threshold}`;
}

function lokiRule(
  rule: Omit<AlertRule, "severity"> & { severity: string },
  tenant: string,
  { ruler }: Deciding,
): RuleGroup["rules"][number] {
  const annotations = alertAnnotations(rule);
  return {
    alert: rule.name,
    expr: queryOf(rule, ruler.platform),
    ...(rule.for === undefined ? {} : { for: rule.for }),
    labels: { ...rule.labels, severity: rule.severity, tenant },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** The alerts about the platform itself: many cheap queries, so they are one group. */
function platformGroup(tenant: string, spec: Deciding): RuleGroup[] {
  const { platformAlerts } = spec.ruler;
  if (platformAlerts.length === 0) return [];
  return [{ name: "LogharborPlatform", rules: platformAlerts.map((alert) => lokiRule(alert, tenant, spec)) }];
}

function fileGroup(group: RuleGroup, { ruler }: Deciding): RuleGroup {
  return {
    ...group,
    rules: group.rules.map((rule) => ({ ...rule, expr: leavingOutPlatform(rule.expr, ruler.platform) })),
  };
}

/** Raises an alert for each line that `npm run alerts -- --test` writes, for about a minute. */
function testGroup(tenant: string): RuleGroup {
  return {
    name: testAlert,
    interval: "30s",
    rules: [
      {
        alert: testAlert,
        expr: `sum by (rule, severity, test) (count_over_time({job="${testJob}"} | test != "" [1m])) > 0`,
        labels: { tenant },
        annotations: { summary: "A test of alert {{ $labels.rule }}. Nothing is wrong." },
      },
    ],
  };
}

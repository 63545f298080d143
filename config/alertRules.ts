import { faultIn, yieldsNumbers } from "../domain/logql";
import type { SettingProblem } from "../domain/problem";
import { findsItself, leavingOutPlatform } from "./alertQueries";
import type { AlertRule, Receiver } from "./alerts";
import type { Rule } from "./rule";
import { readRuleFile, type RuleFile, type RuleGroup } from "./ruleFiles";
import type { Settings } from "./settings";
import { furtherTenants } from "./tenants";

/** Refuses alerts that Loki or Alertmanager would refuse, or that would reach nobody. */
export const alertRules: readonly Rule[] = [
  { reads: ["alerts", "tenant", "gateway.tenants", "alloy.tenants", "namespaces"], judge: queries },
  { reads: ["alerts", "tenant"], judge: twice },
  { reads: ["alerts", "namespaces"], judge: ruleFiles },
  { reads: ["alerts"], judge: storage },
  { reads: ["alerts"], judge: destination },
  { reads: ["alerts"], judge: receivers },
];

/** Most bytes of rules as they are in the settings. Written for Loki they grow, and a ConfigMap holds 1 MiB. */
const mostRuleBytes = 500_000;

function queries(settings: Settings): SettingProblem[] {
  const { alerts, namespaces } = settings;
  const tenants = [settings.tenant, ...furtherTenants(settings)];
  return listed(alerts).flatMap(([place, rule]): SettingProblem[] => [
    ...queryProblems(rule.expr, namespaces).map((problem) => ({ key: `${place}.expr`, ...problem })),
    ...(isTemplate(rule.summary ?? "")
      ? []
      : [
          {
            key: `${place}.summary`,
            problem: "has a {{ without its }}",
            remedy: "write {{ $labels.NAME }} or {{ $value }}",
          },
        ]),
    ...(rule.tenant === undefined || tenants.includes(rule.tenant)
      ? []
      : [
          {
            key: `${place}.tenant`,
            problem: `is ${rule.tenant}, which is not a tenant of this stack`,
            remedy: `write one of ${tenants.join(", ")}, or add it to gateway.tenants`,
          },
        ]),
  ]);
}

function queryProblems(expr: string, namespaces: Settings["namespaces"]): Pick<SettingProblem, "problem" | "remedy">[] {
  const fault = faultIn(expr);
  if (fault !== undefined) {
    const before = expr.slice(0, fault.at).split("\n");
    const what = fault.found === undefined ? "ends too early" : `has an unexpected ${fault.found}`;
    const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    return [
      {
        problem: `is not LogQL: ${shortened(expr)} ${what}, ${place}`,
        remedy: "check brackets and quotes there; Grafana's Explore shows whether a query works",
      },
    ];
  }
  if (!yieldsNumbers(expr))
    return [
      {
        problem: `is ${shortened(expr)}, which yields lines, not numbers`,
        remedy: `count them, for example sum(count_over_time(${shortened(expr)} [5m]))`,
      },
    ];
  if (findsItself(leavingOutPlatform(expr, namespaces), namespaces))
    return [
      {
        problem: `is ${shortened(expr)}, which finds its own text: Loki logs each query in namespace ${namespaces.loki}`,
        remedy: 'leave that namespace out, or add | logfmt | level="error" behind the selector',
      },
    ];
  return [];
}

function twice({ alerts, tenant }: Settings): SettingProblem[] {
  return (["rules", "grafanaRules"] as const).flatMap((list) => {
    const first = new Map<string, number>();
    return alerts[list].flatMap((rule, index): SettingProblem[] => {
      const identity = `${rule.tenant ?? tenant}/${rule.name}`;
      const before = first.get(identity);
      if (before === undefined) {
        first.set(identity, index);
        return [];
      }
      const problem = `is ${rule.name}, like that of alerts.${list}[${before}]`;
      return [{ key: `alerts.${list}[${index}].name`, problem, remedy: "give each alert a name of its own" }];
    });
  });
}

/** Reads each file once. */
function ruleFiles({ alerts, namespaces }: Settings): SettingProblem[] {
  const files = alerts.files.map(readRuleFile);
  const groups = files.flatMap((file) => file.groups);
  return [...fileProblems(files, { alerts, namespaces }), ...ruleSize(alerts, groups)];
}

function fileProblems(
  files: readonly RuleFile[],
  { alerts, namespaces }: Pick<Settings, "alerts" | "namespaces">,
): SettingProblem[] {
  const names = new Set(alerts.rules.map(({ name }) => name));
  const groups = new Set<string>();
  return files.flatMap((file, index) => {
    const key = `alerts.files[${index}]`;
    const problems = [...file.problems];
    for (const group of file.groups) {
      if (groups.has(group.name) || names.has(group.name))
        problems.push({ problem: `has a second group ${group.name}`, remedy: "give each group a name of its own" });
      groups.add(group.name);
      for (const { alert, record, expr, annotations = {}, labels = {} } of group.rules) {
        const name = alert ?? record ?? "";
        const about = (text: string) => `has ${name} in group ${group.name}, whose ${text}`;
        problems.push(
          ...queryProblems(expr, namespaces).map(({ problem, remedy }) => ({
            problem: about(`query ${problem}`),
            remedy,
          })),
          ...Object.entries({ ...labels, ...annotations }).flatMap(([field, text]) =>
            isTemplate(text)
              ? []
              : [
                  {
                    problem: about(`${field} has a {{ without its }}`),
                    remedy: "write {{ $labels.NAME }} or {{ $value }}",
                  },
                ],
          ),
        );
        if (record !== undefined && alerts.recording.url === undefined)
          problems.push({
            problem: `records ${record}, but nobody receives it`,
            remedy: "set alerts.recording.url to a Prometheus that takes remote write",
          });
        if (alert !== undefined && names.has(alert))
          problems.push({ problem: `has a second alert ${alert}`, remedy: "give each alert a name of its own" });
        if (alert !== undefined) names.add(alert);
      }
    }
    return problems.map(({ problem, remedy }) => ({ key, problem: `(${file.path}) ${problem}`, remedy }));
  });
}

function ruleSize(alerts: Settings["alerts"], groups: readonly RuleGroup[]): SettingProblem[] {
  const bytes = Buffer.byteLength(JSON.stringify([alerts.rules, groups]));
  if (bytes <= mostRuleBytes) return [];
  const count = alerts.rules.length + groups.reduce((sum, { rules }) => sum + rules.length, 0);
  return [
    {
      key: alerts.files.length > 0 ? "alerts.files" : "alerts.rules",
      problem: `hold ${count} rules of ${bytes} bytes together, more than the ${mostRuleBytes} that a ConfigMap can hold`,
      remedy: "let one query watch many groups (sum by), or set alerts.storage to bucket and use Loki's API",
    },
  ];
}

function storage({ alerts }: Settings): SettingProblem[] {
  if (alerts.storage === "stack") return [];
  return (["rules", "files"] as const).flatMap((list) =>
    alerts[list].length === 0
      ? []
      : [
          {
            key: `alerts.${list}`,
            problem: "is not empty, but alerts.storage is bucket: Loki reads its rules from one place only",
            remedy: "write [], or set alerts.storage to stack",
          },
        ],
  );
}

function destination({ alerts }: Settings): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const { existing, own } = alerts;
  if (alerts.alertmanager === "existing" && existing.urls.length === 0)
    problems.push({
      key: "alerts.existing.urls",
      problem: "is empty, but alerts.alertmanager is existing",
      remedy: "write for example [http://alertmanager.monitoring.svc:9093]",
    });
  if (alerts.alertmanager !== "existing" && existing.urls.length > 0)
    problems.push({
      key: "alerts.existing.urls",
      problem: `names an Alertmanager, but alerts.alertmanager is ${alerts.alertmanager}`,
      remedy: "set alerts.alertmanager to existing, or leave it out",
    });
  if (alerts.alertmanager === "own" && own.receivers.length === 0)
    problems.push({
      key: "alerts.own.receivers",
      problem: "is empty, so the Alertmanager would notify nobody",
      remedy: "name at least one receiver, or set alerts.alertmanager to none",
    });
  if (alerts.alertmanager !== "own" && own.receivers.length > 0)
    problems.push({
      key: "alerts.own.receivers",
      problem: `names receivers, but alerts.alertmanager is ${alerts.alertmanager}`,
      remedy: "set alerts.alertmanager to own, or leave them out",
    });
  const ports = existing.urls.map((url) => new URL(url).protocol);
  if (existing.ca !== undefined && !ports.includes("https:"))
    problems.push({
      key: "alerts.existing.ca",
      problem: "is set, but no address begins with https://",
      remedy: "leave it out, or write https:// in alerts.existing.urls",
    });
  return problems;
}

/** What each type of receiver needs, and what it cannot use. */
const fields: Readonly<Record<Receiver["type"], { needs: (keyof Receiver)[]; may: (keyof Receiver)[] }>> = {
  webhook: { needs: ["secret"], may: [] },
  slack: { needs: ["secret", "channel"], may: [] },
  pagerduty: { needs: ["secret"], may: [] },
  email: { needs: ["to", "from", "smarthost"], may: ["username", "secret"] },
};

function receivers({ alerts: { own } }: Settings): SettingProblem[] {
  return own.receivers.flatMap((receiver, index): SettingProblem[] => {
    const place = `alerts.own.receivers[${index}]`;
    const { needs, may } = fields[receiver.type];
    const general: (keyof Receiver)[] = ["name", "type", "severities"];
    const first = own.receivers.findIndex(({ name }) => name === receiver.name);
    return [
      ...needs
        .filter((field) => receiver[field] === undefined)
        .map((field) => ({
          key: `${place}.${field}`,
          problem: "is not set",
          remedy: `type ${receiver.type} needs it`,
        })),
      ...(Object.keys(receiver) as (keyof Receiver)[])
        .filter((field) => receiver[field] !== undefined && ![...general, ...needs, ...may].includes(field))
        .map((field) => ({
          key: `${place}.${field}`,
          problem: `is set, but type ${receiver.type} does not use it`,
          remedy: "leave it out",
        })),
      ...(receiver.type === "email" && (receiver.username === undefined) !== (receiver.secret === undefined)
        ? [
            {
              key: `${place}.${receiver.username === undefined ? "username" : "secret"}`,
              problem: "is not set, but a login needs both username and secret",
              remedy: "set both, or neither",
            },
          ]
        : []),
      ...(first === index
        ? []
        : [
            {
              key: `${place}.name`,
              problem: `is ${receiver.name} again`,
              remedy: "give each receiver a name of its own",
            },
          ]),
    ];
  });
}

/** Every rule of the settings, with its place. */
function listed({ rules, grafanaRules }: Settings["alerts"]): [place: string, rule: AlertRule][] {
  return [
    ...rules.map((rule, index): [string, AlertRule] => [`alerts.rules[${index}]`, rule]),
    ...grafanaRules.map((rule, index): [string, AlertRule] => [`alerts.grafanaRules[${index}]`, rule]),
  ];
}

/** Whether each `{{` of a text has its `}}`. Loki loads no rule at all if it cannot parse one template. */
function isTemplate(text: string): boolean {
  const marks = [...text.matchAll(/\{\{|\}\}/g)].map(([mark]) => mark);
  return marks.every((mark, index) => mark === (index % 2 === 0 ? "{{" : "}}")) && marks.length % 2 === 0;
}

function shortened(text: string): string {
  const [first = ""] = text.split("\n");
  return first.length > 80 || first !== text ? `${first.slice(0, 80)}…` : text;
}

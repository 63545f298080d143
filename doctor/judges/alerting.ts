import { isLate, type RuleState } from "../../logs/alerts";
import type { AlertmanagerState, Facts } from "../facts";
import type { Finding } from "../finding";
import { counted, latest, total } from "../metrics";
import { linesWith, watchedOf } from "./loki";

/** Names of rules that a finding lists. */
const shownRules = 5;
/** The ruler sends an alert that is on every 3 minutes. What it said longer ago than this is over, in ms. */
const sendsWithinMs = 4 * 60_000;

/** What is wrong on the way of an alert: the rules, what Loki's ruler sends, and the Alertmanager. */
export function judgeAlerting(facts: Facts): Finding[] {
  return [...failing(facts), ...slow(facts), ...notLoaded(facts), ...alertmanagers(facts), ...sending(facts)];
}

/** Rules by tenant, each as `name` or `name of tenant T`. */
function rulesWhere({ rules, settings }: Facts, holds: (rule: RuleState) => boolean): [name: string, RuleState][] {
  return [...rules].flatMap(([tenant, states]) =>
    states
      .filter(holds)
      .map((state): [string, RuleState] => [
        tenant === settings.tenant ? state.name : `${state.name} of tenant ${tenant}`,
        state,
      ]),
  );
}

function named(found: readonly [name: string, unknown][]): string {
  const names = found.slice(0, shownRules).map(([name]) => name);
  return `${names.join(", ")}${found.length > shownRules ? ` and ${found.length - shownRules} more` : ""}`;
}

function failing(facts: Facts): Finding[] {
  const found = rulesWhere(facts, ({ health }) => health === "err");
  if (found.length === 0) return [];
  return [
    {
      check: "ruler",
      part: "loki",
      severity: "error",
      problem: `Loki's ruler can't evaluate ${found.length === 1 ? "rule" : `${found.length} rules:`} ${named(found)}`,
      evidence: found.slice(0, shownRules).map(([name, { lastError = "no error" }]) => `${name}: ${lastError}`),
      meaning: "their alerts do not fire, whatever the logs say",
      remedy: [
        "a query that takes too long: narrow its selector or its range",
        "see all of them: npm run alerts; --replay runs each over stored logs",
      ],
    },
  ];
}

function slow(facts: Facts): Finding[] {
  const found = rulesWhere(facts, (rule) => rule.health !== "err" && isLate(rule));
  if (found.length === 0) return [];
  return [
    {
      check: "ruler",
      part: "loki",
      severity: "warning",
      problem: `${named(found)}: an evaluation takes longer than the time between two`,
      evidence: found
        .slice(0, shownRules)
        .map(([name, rule]) => `${name}: ${rule.tookSeconds?.toFixed(1)} s, every ${rule.intervalSeconds} s`),
      meaning: "the ruler leaves evaluations out, so alerts come late",
      remedy: ["narrow the selectors or the ranges of their queries", "raise alerts.intervalSeconds"],
    },
  ];
}

/** Rules of the settings that no ruler has. With the rules in a bucket, the settings do not name them. */
function notLoaded({ rules, settings }: Facts): Finding[] {
  const { alerts, tenant } = settings;
  if (alerts.storage !== "stack") return [];
  const missing = alerts.rules.filter(({ name, tenant: owner = tenant }) => {
    const there = rules.get(owner);
    return there !== undefined && !there.some((rule) => rule.name === name);
  });
  if (missing.length === 0) return [];
  return [
    {
      check: "ruler",
      part: "loki",
      severity: "warning",
      problem: `Loki's ruler lacks ${named(missing.map((rule) => [rule.name, rule]))} of the settings`,
      evidence: [...rules].map(
        ([name, there]) => `rules of ${name}: ${there.map((rule) => rule.name).join(", ") || "none"}`,
      ),
      meaning: "these alerts do not fire",
      remedy: [
        "after an up, a ruler needs up to two minutes to read its rules",
        "if it stays so: npm run refresh and then npm run up",
      ],
    },
  ];
}

/** What is wrong with an answer: the problem, continued from the Alertmanager's name, and the remedy. */
function troubleOf(
  { answer, distrust, silent }: AlertmanagerState,
  { alerts, namespaces }: Facts["settings"],
): [problem: string, evidence: string, remedy: string] | undefined {
  const { existing } = alerts;
  if (silent !== undefined) return ["does not answer", silent, "see whether it runs, and whether its address is right"];
  if (distrust !== undefined)
    return [
      "shows a certificate that Loki does not trust",
      distrust,
      existing.ca === undefined
        ? "name the Secret with its authority: alerts.existing.ca"
        : `put the authority that signed it into Secret ${existing.ca} (key ca.crt) of namespace ${namespaces.loki}; then restart Loki`,
    ];
  if (answer === undefined) return undefined;
  const { status, body, location } = answer;
  const said = `GET /api/v2/status: ${status} ${body.trim().replaceAll(/\s+/g, " ").slice(0, 200)}`.trim();
  if (status === 401 || status === 403)
    return [
      existing.login === undefined ? "asks for a login" : "refuses Loki's login",
      said,
      existing.login === undefined
        ? "name a Secret with username and password: alerts.existing.login"
        : `correct username and password in Secret ${existing.login} of namespace ${namespaces.loki}; then restart Loki`,
    ];
  if (status >= 300 && status < 400)
    return [
      `answers with a redirect to ${location ?? "nowhere"}`,
      said,
      "set alerts.existing.urls to the address itself, without the redirect",
    ];
  if (status !== 200 || !isStatus(body))
    return [
      status === 200 ? "is no Alertmanager" : `answers ${status}`,
      said,
      "check the address and its path: an Alertmanager of 0.16 or newer answers there",
    ];
  return undefined;
}

/** Whether this is an Alertmanager's status, and not somebody's web page. */
function isStatus(body: string): boolean {
  try {
    return typeof (JSON.parse(body) as { versionInfo?: unknown }).versionInfo === "object";
  } catch {
    return false;
  }
}

const meaning = "alerts of logs reach nobody; the ruler sends those that are on again every 3 minutes";

/** What is wrong with each Alertmanager that was asked. */
export function alertmanagerFindings({ alertmanagers: all, settings }: Pick<Facts, "alertmanagers" | "settings">) {
  return all.flatMap((one): Finding[] => {
    const trouble = troubleOf(one, settings);
    if (trouble === undefined) return [];
    const [problem, evidence, remedy] = trouble;
    return [
      {
        check: "alertmanager",
        part: "alerting",
        severity: "error",
        problem: `Alertmanager ${one.url} ${problem}`,
        evidence: [evidence],
        meaning,
        remedy,
      },
    ];
  });
}

function alertmanagers(facts: Facts): Finding[] {
  const { lokis, settings } = facts;
  const bad = alertmanagerFindings(facts);
  if (bad.length > 0 || settings.alerts.alertmanager === "none") return bad;
  const known = watchedOf(lokis).flatMap((metrics) =>
    latest(metrics).has(discovered) ? [total(latest(metrics), discovered)] : [],
  );
  if (known.length === 0 || known.some((count) => count > 0)) return [];
  return [
    {
      check: "alertmanager",
      part: "alerting",
      severity: "error",
      problem: "Loki's ruler has no Alertmanager, though the settings name one",
      evidence: [`${discovered}: 0`],
      meaning: "alerts of logs reach nobody",
      remedy: "npm run drift shows what differs from the settings; npm run refresh and then npm run up mend it",
    },
  ];
}

const discovered = "loki_prometheus_notifications_alertmanagers_discovered";

/** Alerts that did not get through: what is refused now, and what was lost. */
function sending({ at, homes, lokis }: Facts): Finding[] {
  const said = linesWith(homes.loki?.logs, /msg="Error sending alerts/);
  const errors = counted(watchedOf(lokis), "loki_prometheus_notifications_errors_total", "alertmanager");
  if (errors.length === 0) return [];
  const last = said.map((line) => Date.parse(/\bts=(\S+)/.exec(line)?.[1] ?? "")).filter((time) => time > 0);
  const goesOn = errors.some(({ grown = 0 }) => grown > 0) || last.some((time) => at.getTime() - time < sendsWithinMs);
  return [
    {
      check: "alerts",
      part: "alerting",
      severity: goesOn ? "error" : "note",
      problem: goesOn ? "Loki's ruler can't send alerts" : "Loki's ruler once could not send alerts",
      evidence: [
        ...errors.map(
          ({ key, total: sum, grown = 0 }) =>
            `loki_prometheus_notifications_errors_total{alertmanager="${key}"}: ${sum}, ${grown} more within the look`,
        ),
        ...said.slice(-1),
      ],
      meaning: goesOn ? meaning : "it has sent those that were still on again; one that was over meanwhile told nobody",
      remedy: goesOn ? "the last line of Loki's log says what is in the way" : "nothing to do",
    },
  ];
}

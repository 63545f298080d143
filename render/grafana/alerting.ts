import { RuleBuilder, QueryBuilder, NotificationSettingsBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { TypeThresholdBuilder } from "@grafana/grafana-foundation-sdk/expr";
import { DataqueryBuilder, LokiQueryType } from "@grafana/grafana-foundation-sdk/loki";
import { stringify } from "yaml";

import { rulerVariables } from "../../domain/names";
import { leavingOutPlatform } from "../../config/alertQueries";
import type { AlertRule } from "../../config/settings";
import { alertAnnotations } from "../alertAnnotations";
import type { Values } from "../pod";
import { dataSourceUid } from "./dataSource";
import type { GrafanaSpec } from "./spec";

/*
 * The alerts that Grafana evaluates, as files that Grafana reads when it starts. They add to what people have made in
 * Grafana: no file has a notification policy, because that would replace theirs.
 */

/** Most alerts of Grafana. Their ids are numbered, so that a start can delete those that are gone. */
export const mostGrafanaRules = 20;
/** Contact point that leads to the Alertmanager. */
const contactPoint = "logharbor-alertmanager";
const organization = 1;

type Deciding = Pick<
  GrafanaSpec,
  "alertRules" | "alertIntervalSeconds" | "alertmanagerUrls" | "alertmanagerLogin" | "platform"
>;

/** `data` of the ConfigMap with the alerts. */
export function alertingFiles(spec: Deciding): Record<string, string> {
  const file = (content: Values) => stringify({ apiVersion: 1, ...content }, { lineWidth: 0 });
  const { alertIntervalSeconds, alertRules } = spec;
  const gone = Array.from({ length: mostGrafanaRules - alertRules.length }, (_, index) => alertRules.length + index);
  const groups =
    alertRules.length === 0
      ? []
      : [
          {
            orgId: organization,
            name: "logharbor",
            folder: "Logharbor",
            // Grafana evaluates in steps of 10 s.
            interval: `${Math.ceil(alertIntervalSeconds / 10) * 10}s`,
            rules: alertRules.map((rule, index) => grafanaRule(rule, ruleUid(index), spec)),
          },
        ];
  return {
    "rules.yaml": file({ groups, deleteRules: gone.map((index) => ({ orgId: organization, uid: ruleUid(index) })) }),
    "contact-points.yaml": file(contactPoints(spec)),
  };
}

function ruleUid(index: number): string {
  return `logharbor-rule-${index}`;
}

/** A rule in the form of Grafana's files, which differs from that of its API in the fields of the group. */
function grafanaRule(rule: AlertRule, uid: string, { alertmanagerUrls, platform }: Deciding): Values {
  const builder = new RuleBuilder(literal(rule.name))
    .uid(uid)
    .condition("C")
    .withQuery(
      new QueryBuilder("A")
        .datasourceUid(dataSourceUid)
        .relativeTimeRange({ from: 600, to: 0 })
        .model(
          new DataqueryBuilder()
            .refId("A")
            .queryType(LokiQueryType.Instant)
            .expr(leavingOutPlatform(rule.expr.trim(), platform)),
        ),
    )
    .withQuery(
      new QueryBuilder("C").datasourceUid("__expr__").model(
        new TypeThresholdBuilder()
          .refId("C")
          .expression("A")
          .conditions([{ evaluator: { type: "gt", params: [rule.threshold] } }]),
      ),
    )
    .forDuration(rule.for ?? "0s")
    // No lines, no alert. A query that fails is no alert of this rule either; Grafana shows it as an error.
    .noDataState("OK")
    .execErrState("Error")
    .labels(literals({ ...rule.labels, severity: rule.severity }))
    .annotations(literals(alertAnnotations(rule)));
  if (alertmanagerUrls.length > 0)
    builder.notificationSettings(new NotificationSettingsBuilder().receiver(contactPoint));
  const { annotations: texts, condition, data, execErrState, labels, noDataState, title, ...rest } = builder.build();
  const { for: pending, notification_settings } = rest;
  const built = {
    uid,
    title,
    condition,
    for: pending,
    data,
    noDataState,
    execErrState,
    labels,
    annotations: texts,
    notification_settings,
  };
  // The builder's queries carry functions, which mark their type.
  return JSON.parse(JSON.stringify(built)) as Values;
}

function contactPoints({ alertmanagerLogin, alertmanagerUrls }: Deciding): Values {
  const uid = contactPoint;
  if (alertmanagerUrls.length === 0) return { deleteContactPoints: [{ orgId: organization, uid }] };
  const { username, password } = rulerVariables.alertmanager;
  const login =
    alertmanagerLogin === undefined ? {} : { basicAuthUser: `$${username}`, basicAuthPassword: `$${password}` };
  return {
    contactPoints: [
      {
        orgId: organization,
        name: contactPoint,
        receivers: [{ uid, type: "prometheus-alertmanager", settings: { url: alertmanagerUrls.join(","), ...login } }],
      },
    ],
  };
}

/** Grafana replaces `$NAME` in its files by a variable of its environment; `$$` stands for one `$`. */
function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

function literals(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, literal(text)]));
}

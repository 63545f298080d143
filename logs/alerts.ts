import { setTimeout as sleep } from "node:timers/promises";
import { basicLogin } from "../domain/basicLogin";
import { OperatorError, textOf } from "../domain/problem";
import { testAlert, testJob } from "../render/loki/rules";
import { headersFor, type LokiAccess } from "./query";

/** A rule as Loki's ruler knows it. */
export interface RuleState {
  group: string;
  name: string;
  /** `inactive`, `pending` or `firing`; undefined for a recording rule. */
  state?: string;
  /** `ok`, `err` or `unknown` (not evaluated yet). */
  health: string;
  lastError?: string;
  /** Undefined before the first evaluation. */
  lastEvaluation?: Date;
  /** How many groups it has raised it for. */
  active: number;
  /** Seconds between two evaluations of its group. */
  intervalSeconds?: number;
  /** Seconds that the last evaluation of the rule took. */
  tookSeconds?: number;
}

/** Whether an evaluation of a rule takes longer than the time between two, so that the ruler leaves some out. Pure. */
export function isLate({ tookSeconds = 0, intervalSeconds = Infinity }: RuleState): boolean {
  return tookSeconds > intervalSeconds;
}

/** Where an Alertmanager answers. */
export interface AlertmanagerAccess {
  url: string;
  login?: { username: string; password: string };
}

interface RulesAnswer {
  data: {
    groups: {
      name: string;
      interval?: number;
      rules: {
        name: string;
        state?: string;
        health: string;
        lastError?: string;
        lastEvaluation?: string;
        evaluationTime?: number;
        alerts?: unknown[];
      }[];
    }[];
  };
}

/**
 * The rules of Loki's rulers with their states.
 * @throws OperatorError if Loki does not answer as expected.
 */
export async function ruleStates(loki: LokiAccess): Promise<RuleState[]> {
  const response = await fetch(`${loki.url}/prometheus/api/v1/rules`, { headers: headersFor(loki) });
  const body = await response.text();
  if (!response.ok)
    throw new OperatorError(
      `Loki's ruler answers ${response.status}: ${body.trim().slice(0, 300)}`,
      "check that Loki runs: npm run doctor",
    );
  return rulesIn(body);
}

/** The rules in an answer of Loki's ruler. Pure. */
export function rulesIn(body: string): RuleState[] {
  return (JSON.parse(body) as RulesAnswer).data.groups.flatMap(({ name: group, interval, rules }) =>
    rules.map(({ name, state, health, lastError, lastEvaluation, evaluationTime, alerts = [] }) => ({
      group,
      name,
      ...(state === undefined ? {} : { state }),
      health,
      ...(lastError === undefined || lastError === "" ? {} : { lastError }),
      ...(lastEvaluation === undefined || lastEvaluation.startsWith("0001")
        ? {}
        : { lastEvaluation: new Date(lastEvaluation) }),
      active: alerts.length,
      ...(interval === undefined ? {} : { intervalSeconds: interval }),
      ...(evaluationTime === undefined ? {} : { tookSeconds: evaluationTime }),
    })),
  );
}

/**
 * Writes the line that raises the test alert, with the severity of the alert that is tested.
 * @param id tells this test from others
 */
export async function writeTestLine(
  loki: LokiAccess,
  { id, rule, severity }: { id: string; rule: string; severity: string },
): Promise<void> {
  const now = `${Date.now()}000000`;
  const line = `A test of alert ${rule}. Nothing is wrong.`;
  const response = await fetch(`${loki.url}/loki/api/v1/push`, {
    method: "POST",
    headers: { ...headersFor(loki), "Content-Type": "application/json" },
    body: JSON.stringify({
      streams: [{ stream: { job: testJob, rule, severity }, values: [[now, line, { test: id }]] }],
    }),
  });
  const answer = await response.text();
  if (!response.ok)
    throw new OperatorError(
      `Loki refused the test's line (${response.status}): ${answer.trim()}`,
      "see npm run doctor",
    );
}

/**
 * Waits until the Alertmanager has the test's alert.
 * @returns names of the receivers that it notifies
 * @throws OperatorError with the last answer if it does not come in time.
 */
export async function awaitTest({ url, login }: AlertmanagerAccess, id: string, seconds: number): Promise<string[]> {
  const filter = new URLSearchParams([
    ["filter", `alertname="${testAlert}"`],
    ["filter", `test="${id}"`],
  ]);
  const headers = login && basicLogin(login.username, login.password);
  let last = "";
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(1000)) {
    try {
      const response = await fetch(`${url}/api/v2/alerts?${filter.toString()}`, { headers, redirect: "manual" });
      const body = await response.text();
      if (!response.ok) {
        last = `it answers ${response.status} ${body.trim().slice(0, 200)}`;
        continue;
      }
      const [alert] = JSON.parse(body) as { receivers: { name: string }[] }[];
      if (alert !== undefined) return alert.receivers.map(({ name }) => name);
      last = "it does not have the alert";
    } catch (error) {
      last = textOf(error);
    }
  }
  throw new OperatorError(`The test did not reach the Alertmanager within ${seconds} s: ${last}.`, [
    "see whether the rules are evaluated: npm run alerts",
    'see what Loki says: npm run logs -- \'{namespace="logharbor-loki"} |= "notif"\'',
  ]);
}

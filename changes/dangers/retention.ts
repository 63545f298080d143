import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { keptDays } from "../../domain/retention";
import type { Existing } from "./existing";

/**
 * Changes of the index schema that make stored logs unreadable: a period that was edited or removed, or a new one that
 * has already begun.
 * @param today the date in UTC, YYYY-MM-DD
 */
export function editedSchema({ lokiConfig }: Existing, { loki }: Settings, today: string): Danger[] {
  const existing = lokiConfig?.schema_config?.configs ?? [];
  if (existing.length === 0) return [];
  const key = "loki.schema";
  const text = (from: string, schema: string, prefix: string) => `${from} ${schema} ${prefix}`;
  const wanted = loki.schema.map(({ from, schema, indexPrefix }) => text(from, schema, indexPrefix));
  const begun = existing.filter(({ from }) => from <= today);
  const lost = begun.filter(({ from, schema, index }) => !wanted.includes(text(from, schema, index.prefix)));
  const early = loki.schema.filter(({ from }) => from <= today && !existing.some((period) => period.from === from));
  return [
    ...lost.map(({ from }): Danger => ({
      key,
      problem: `lacks the period from ${from} under which logs were stored: they would become unreadable`,
      remedy: "put it back as it was; to change the schema, append a new period that begins in the future",
      allow: "schema-edited",
    })),
    ...early.map(({ from }): Danger => ({
      key,
      problem:
        `has a new period from ${from}, which has already begun (today is ${today}, UTC): what was stored since then ` +
        "would become unreadable",
      remedy: "let it begin tomorrow or later",
      allow: "schema-edited",
    })),
  ];
}

/** A shorter retention, of all logs or of some streams. The compactor would delete logs that are kept now. */
export function cutRetention({ lokiConfig }: Existing, { retention }: Settings): Danger[] {
  const limits = lokiConfig?.limits_config;
  const is = hours(limits?.retention_period);
  if (limits === undefined || is === undefined) return [];
  const wanted = keptDays(retention) * 24;
  const before = new Map(
    (limits.retention_stream ?? []).map(({ selector, period }) => [selector, hours(period) ?? is]),
  );
  const after = new Map(retention.streams.map(({ selector, days }) => [selector, days * 24]));
  const cut = [...new Set([...before.keys(), ...after.keys()])]
    .map((selector) => ({ selector, was: before.get(selector) ?? is, will: after.get(selector) ?? wanted }))
    .filter(({ was, will }) => will < was)
    // Streams that only follow the general retention: the danger of that one covers them.
    .filter(({ was, will }) => was !== is || will !== wanted);
  const deletes = "the compactor would delete the days between";
  return [
    ...(wanted < is
      ? [
          {
            key: retention.coldDays === undefined ? "retention.warmDays" : "retention.coldDays",
            problem: `keeps logs for ${days(wanted)} instead of ${days(is)} as now: ${deletes}`,
            remedy: `set it to at least ${Math.ceil(is / 24)}`,
            allow: "retention-cut" as const,
          },
        ]
      : []),
    ...cut.map(({ selector, was, will }) => ({
      key: "retention.streams",
      problem: `keeps ${selector} for ${days(will)} instead of ${days(was)} as now: ${deletes}`,
      remedy: `give ${selector} at least ${Math.ceil(was / 24)} days`,
      allow: "retention-cut" as const,
    })),
  ];
}

/** Hours of a duration in Loki's configuration. Undefined if it is not set, or if logs are kept without end. */
function hours(period: string | undefined): number | undefined {
  const [, amount, unit] = /^(\d+)([hdw])$/.exec(period ?? "") ?? [];
  return amount === undefined ? undefined : Number(amount) * { h: 1, d: 24, w: 168 }[unit as "h" | "d" | "w"];
}

function days(inHours: number): string {
  return inHours === 24 ? "1 day" : `${inHours / 24} days`;
}

import { notSet, wrong, type BadConfig } from "./rows";

const period = { from: "2024-04-01", schema: "v13", indexPrefix: "loki_index_" };

const list = JSON.stringify([period]);
const date = "must be a date, YYYY-MM-DD, in quotes";
const prefix = "must be a prefix of lower-case letters, digits, _ and -";
const order = "list the periods from the oldest to the newest, each with a different day";

/** Values that are wrong for a setting of a period. */
const inPeriod = (key: string, problem: string, example: string, ...values: unknown[]): BadConfig[] =>
  values.map((value) => [
    { loki: { schema: [{ ...period, [key]: value }] } },
    `loki.schema[0].${key}`,
    problem,
    `write for example ${example}`,
  ]);

/** Days that do not exist. */
const noDay = (...days: string[]): BadConfig[] =>
  days.map((from) => [
    { loki: { schema: [{ ...period, from }] } },
    "loki.schema[0].from",
    `is "${from}", a day that does not exist`,
    'write for example "2024-04-01"',
  ]);

/** Periods of Loki's schema. */
export const schema: BadConfig[] = [
  ...wrong("loki.schema", "must be a list of schema periods", list, "v13", period),
  ...wrong("loki.schema", "must hold at least one period", list, []),
  ...inPeriod("schema", "must be one of v13", "v13", "v12"),
  ...inPeriod("indexPrefix", prefix, "loki_index_", "Index", ""),
  ...inPeriod("from", notSet, "2024-04-01", undefined),
  ...inPeriod("from", date, "2024-04-01", "2024-04-01T00:00:00Z"),
  ...noDay("2024-02-30", "2024-13-01"),
  [
    { loki: { schema: [period, { ...period, from: 20250101 }] } },
    "loki.schema[1].from",
    date,
    "write for example 2024-04-01",
  ],
  [
    { loki: { schema: [{ ...period, store: "boltdb-shipper" }] } },
    "loki.schema[0].store",
    "is not a known setting",
    "settings here are from, schema, indexPrefix",
  ],
  [
    { loki: { schema: [period, { ...period, indexPrefix: "b_" }] } },
    "loki.schema[1].from",
    'is "2024-04-01", which is not after the previous period (2024-04-01)',
    order,
  ],
  [
    { loki: { schema: [{ ...period, from: "2025-01-01" }, period] } },
    "loki.schema[1].from",
    'is "2024-04-01", which is not after the previous period (2025-01-01)',
    order,
  ],
];

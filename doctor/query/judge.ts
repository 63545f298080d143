import { closest, distance } from "fastest-levenshtein";
import type { Settings } from "../../config/settings";
import { storeName } from "../../domain/objectStore";
import type { Problem } from "../../domain/problem";
import { keptDays } from "../../domain/retention";
import type { Matcher } from "../../domain/logql";
import type { QueryStats } from "../../logs/stats";
import { selectorOf, selectorText } from "./selector";

/** What was found out about a query. A field that is undefined could not be seen. */
export interface QueryFacts {
  query: string;
  sinceMs: number;
  settings: Settings;
  /** Loki's refusal: the status and its words. */
  refused?: { status: number; words: string };
  stats?: QueryStats;
  /** Names of the index labels in the range. */
  labels?: readonly string[];
  /** Values in the range, of each label that the query names. */
  values: ReadonlyMap<string, readonly string[]>;
  /** What the selector alone finds: `/loki/api/v1/index/stats`. */
  index?: { streams: number; chunks: number; bytes: number; entries: number };
}

/** Something about a query that explains why it is slow or empty. */
export interface Remark extends Problem {
  /** A query with the same meaning, or the one that was probably meant. Default: none. */
  better?: string;
}

/** Figures from which on a query is worth a remark. */
const slowSeconds = 5;
const manyStreams = 1_000;
const manyBytes = 2 ** 30;
/** What lies in structured metadata, and so can't be used inside `{ }`. */
const metadata = ["pod", "stream", "detected_level"];

/** Why a query is slow or empty, as far as the facts tell. Pure. */
export function judgeQuery(facts: QueryFacts): Remark[] {
  return [...refusal(facts), ...names(facts), ...range(facts), ...breadth(facts), ...speed(facts), ...filters(facts)];
}

function refusal({ refused }: QueryFacts): Remark[] {
  if (refused === undefined) return [];
  const remedies: [RegExp, string][] = [
    [/parse error|syntax error/i, 'quote the whole query for the shell: \'{namespace="default"} |= "error"\''],
    [/max entries limit/i, "ask for fewer lines, or raise loki.limits.maxEntriesLimitPerQuery"],
    [/too many outstanding/i, "the scheduler's queue is full: raise loki.limits.maxOutstandingRequestsPerTenant"],
    [/query time range|max_query_length/i, "shorten --since: Loki takes no range longer than everything that it keeps"],
    [/timeout|deadline/i, "narrow the selector or --since: a query has 5 minutes"],
  ];
  const [, remedy = "see https://grafana.com/docs/loki/latest/query/"] =
    remedies.find(([pattern]) => pattern.test(refused.words)) ?? [];
  return [{ problem: `Loki refuses the query (${refused.status}): ${refused.words}`, remedy }];
}

/** Labels and values that do not exist. */
function names({ query, labels, values }: QueryFacts): Remark[] {
  const found = selectorOf(query);
  if (found === undefined || labels === undefined) return [];
  const { matchers, start, end } = found;
  const rewritten = (changed: readonly Matcher[], after = "") =>
    query.slice(0, start) + selectorText(changed) + after + query.slice(end);
  return matchers.flatMap((matcher): Remark[] => {
    const { label, operator, value } = matcher;
    if (operator === "!=" || operator === "!~" || value === "") return [];
    const others = matchers.filter((one) => one !== matcher);
    if (!labels.includes(label)) {
      if (metadata.includes(label))
        return [
          {
            problem: `${label} is structured metadata, not a label, so {${label}…} finds nothing`,
            remedy: "filter by it behind the selector",
            ...(others.length === 0
              ? {}
              : { better: rewritten(others, ` | ${label}${operator}${JSON.stringify(value)}`) }),
          },
        ];
      const near = nearest(label, labels);
      return [
        {
          problem: `no stream has a label ${label} in this time`,
          remedy: `labels there: ${labels.join(", ") || "none"}`,
          ...(near === undefined
            ? {}
            : { better: rewritten(matchers.map((one) => (one === matcher ? { ...one, label: near } : one))) }),
        },
      ];
    }
    const there = values.get(label);
    if (operator !== "=" || there === undefined || there.includes(value)) return [];
    const near = nearest(value, there);
    return [
      {
        problem: `no stream has ${label}="${value}" in this time`,
        remedy:
          near === undefined
            ? `values there: ${there.slice(0, 20).join(", ")}${there.length > 20 ? ", …" : ""}`
            : `did you mean ${near}?`,
        ...(near === undefined
          ? {}
          : { better: rewritten(matchers.map((one) => (one === matcher ? { ...one, value: near } : one))) }),
      },
    ];
  });
}

function nearest(wanted: string, there: readonly string[]): string | undefined {
  if (there.length === 0) return undefined;
  const near = closest(wanted, [...there]);
  return distance(wanted, near) <= Math.max(2, wanted.length / 3) ? near : undefined;
}

function range({ sinceMs, settings }: QueryFacts): Remark[] {
  const days = Math.max(keptDays(settings.retention), ...settings.retention.streams.map((stream) => stream.days));
  return sinceMs > days * 86_400_000
    ? [{ problem: `the query looks back further than logs are kept (${days} days)`, remedy: "shorten --since" }]
    : [];
}

function breadth({ index }: QueryFacts): Remark[] {
  if (index === undefined || (index.streams < manyStreams && index.bytes < manyBytes)) return [];
  return [
    {
      problem: `the selector alone matches ${index.streams} streams with ${(index.bytes / 2 ** 30).toFixed(2)} GiB`,
      remedy: "narrow it by namespace, app or container, or shorten --since",
    },
  ];
}

function speed({ stats, settings }: QueryFacts): Remark[] {
  if (stats === undefined) return [];
  const slow = stats.execSeconds >= slowSeconds;
  return [
    ...(slow && stats.queueSeconds > stats.execSeconds / 2
      ? [
          {
            problem: `its parts waited ${stats.queueSeconds.toFixed(1)} s in the scheduler's queue`,
            remedy: [
              "run fewer queries at once",
              "raise loki.query.maxConcurrent, or loki.replicas.read where the topology has them",
            ],
          },
        ]
      : []),
    ...(slow && stats.chunksDownloaded > 0 && stats.cacheFound < stats.cacheAsked / 2
      ? [
          {
            problem:
              `it fetched ${stats.chunksDownloaded} chunks from ${storeName(settings.objectStore)}; the cache had ` +
              `${stats.cacheFound} of ${stats.cacheAsked}`,
            remedy:
              settings.loki.caches.chunksMb === 0
                ? "set loki.caches.chunksMb: this stack has no chunk cache"
                : "a second run is faster if the chunks fit into loki.caches.chunksMb",
          },
        ]
      : []),
  ];
}

/** A regular expression without any special character finds the same lines as plain text, which is much faster. */
function filters({ query }: QueryFacts): Remark[] {
  const plain = /\|~(\s*)"((?:[A-Za-z0-9 _:;,/='<>@#%&!~-])+)"/g;
  const better = query.replaceAll(plain, '|=$1"$2"');
  return better === query
    ? []
    : [{ problem: "it looks for plain text with a regular expression", remedy: "look for the text itself", better }];
}

/** The figures and remarks as text for people. Pure. */
export function queryText({ stats, index }: QueryFacts, remarks: readonly Remark[]): string {
  const share = (found: number, asked: number) => (asked === 0 ? "not asked" : `${found} of ${asked}`);
  return [
    ...(stats === undefined
      ? []
      : [
          `time: ${stats.execSeconds.toFixed(2)} s, of it in the queue (all parts together): ${stats.queueSeconds.toFixed(2)} s`,
          `read: ${stats.lines} lines, ${mib(stats.bytes)}, in ${stats.splits} splits and ${stats.shards} shards; ` +
            `returned: ${stats.returned}`,
          `chunks: ${stats.chunks}, downloaded ${stats.chunksDownloaded}; chunk cache: ${share(stats.cacheFound, stats.cacheAsked)}; ` +
            `results cache: ${share(stats.resultsFound, stats.resultsAsked)}`,
        ]),
    ...(index === undefined
      ? []
      : [
          `the selector matches: ${index.streams} streams, ${index.chunks} chunks, ${index.entries} lines, ${mib(index.bytes)}`,
        ]),
    "",
    ...remarks.flatMap(({ problem, remedy, better }) => [
      `! ${problem}`,
      ...[remedy].flat().map((line) => `  -> ${line}`),
      ...(better === undefined ? [] : [`  -> ${better}`]),
    ]),
    ...(remarks.length === 0 ? ["nothing about this query is slow or wrong"] : []),
  ].join("\n");
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

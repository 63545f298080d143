import assert from "node:assert/strict";
import { judgeQuery, queryText, type QueryFacts } from "../../../../doctor/query/judge";
import { statsIn } from "../../../../logs/stats";
import { settingsFor } from "../../../support/stack";

const stats = statsIn({ summary: { execTime: 0.2, totalEntriesReturned: 3 } });
const facts = (query: string, more: Partial<QueryFacts> = {}): QueryFacts => ({
  query,
  sinceMs: 3_600_000,
  settings: settingsFor("dev"),
  stats,
  labels: ["app", "namespace"],
  values: new Map([["namespace", ["default", "shop"]]]),
  index: { streams: 2, chunks: 3, bytes: 1000, entries: 10 },
  ...more,
});
const remarks = (query: string, more?: Partial<QueryFacts>) =>
  judgeQuery(facts(query, more)).map(({ problem, remedy, better }) =>
    [problem, ...[remedy].flat(), better].join(" -> "),
  );

describe("doctor's judgement of a query", () => {
  it("says nothing about a good one", () => {
    const good = facts('{namespace="shop"} |= "error"');
    assert.deepEqual(judgeQuery(good), []);
    assert.match(queryText(good, []), /time: 0\.20 s[\s\S]*nothing about this query is slow or wrong/);
  });

  it("names a value or a label that does not exist, and the one that was meant", () => {
    assert.match(
      remarks('{namespace="defualt"} |= "x"').join(),
      /did you mean default\?.*\{namespace="default"\} \|= "x"$/,
    );
    assert.match(
      remarks('{namespace="billing"}').join(),
      /no stream has namespace="billing".*values there: default, shop/,
    );
    assert.match(remarks('{namespce="shop"}').join(), /no stream has a label namespce.*-> \{namespace="shop"\}$/);
    assert.deepEqual(remarks('{namespace=~"defualt|shop"}'), []);
    assert.deepEqual(remarks('{namespace!="nothing"}'), []);
  });

  it("moves structured metadata out of the selector", () => {
    assert.match(
      remarks('sum(count_over_time({namespace="shop", pod="web-0"}[5m]))').join(),
      /pod is structured metadata.*-> sum\(count_over_time\(\{namespace="shop"\} \| pod="web-0"\[5m\]\)\)$/,
    );
  });

  it("replaces a regular expression only where it is plain text", () => {
    assert.match(remarks('{namespace="shop"} |~ "panic"').join(), /-> \{namespace="shop"\} \|= "panic"$/);
    assert.deepEqual(remarks('{namespace="shop"} |~ "panic|fatal"'), []);
    assert.deepEqual(remarks('{namespace="shop"} |~ "a.b"'), []);
    assert.deepEqual(remarks('{namespace="shop"} |~ "(?i)panic"'), []);
  });

  it("names what makes it slow", () => {
    const slow = { ...stats, execSeconds: 20, queueSeconds: 15, chunksDownloaded: 900, cacheAsked: 900 };
    const found = remarks('{namespace="shop"}', { stats: slow }).join("\n");
    assert.match(found, /waited 15\.0 s in the scheduler's queue/);
    assert.match(found, /fetched 900 chunks from MinIO.*has no chunk cache/);
    assert.match(
      remarks('{namespace="shop"}', { index: { streams: 5000, chunks: 1, bytes: 1, entries: 1 } }).join(),
      /matches 5000 streams/,
    );
    assert.match(
      remarks('{namespace="shop"}', { sinceMs: 30 * 86_400_000 }).join(),
      /further than logs are kept \(7 days\)/,
    );
  });

  it("gives Loki's own words when it refuses", () => {
    assert.match(
      remarks("{namespace=", { stats: undefined, refused: { status: 400, words: "parse error at line 1" } }).join(),
      /refuses the query \(400\): parse error.*quote the whole query/,
    );
  });
});

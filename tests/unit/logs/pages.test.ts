import assert from "node:assert/strict";
import fc from "fast-check";
import { newest, pages, type PagedQuery } from "../../../logs/pages";
import type { Entry, LokiAccess } from "../../../logs/query";
import { LokiDouble, type StoredLine } from "../../support/lokiDouble";

const start = 1_763_800_000_000_000_000n;
const span = 3_600_000_000_000n;
const query = { query: '{app="a"}', start, end: start + span, pauseMs: 1 };

/** Lines at few moments, so that many share one: of three streams, with the same texts in different streams. */
const crowds = (most: number) =>
  fc
    .array(fc.tuple(fc.bigInt({ min: 0n, max: span - 1n }), fc.integer({ min: 1, max: most })), { maxLength: 12 })
    .map((moments) =>
      moments.flatMap(([offset, count], crowd) =>
        Array.from({ length: count }, (_, index): StoredLine => ({
          ns: start + offset,
          line: `${crowd}-${index}`,
          labels: { app: "a", shard: String(index % 3) },
        })),
      ),
    );

/** What a client must hand over: every line once, in the order of time. */
const sorted = (entries: readonly Entry[]) => entries.map(({ timestampNs, line }) => `${timestampNs} ${line}`);
const textsOf = (lines: readonly StoredLine[]) => lines.map(({ ns, line }) => `${ns} ${line}`).sort();
const ordered = (entries: readonly Entry[]) =>
  entries.every((one, index) => index === 0 || BigInt(entries[index - 1]!.timestampNs) <= BigInt(one.timestampNs));

describe("a paged query", () => {
  let loki: LokiDouble;
  let access: LokiAccess;

  beforeEach(async () => {
    loki = new LokiDouble();
    access = await loki.open();
  });
  afterEach(() => loki.close());

  async function all(more: Partial<PagedQuery> = {}): Promise<Entry[]> {
    const found: Entry[][] = [];
    for await (const { entries } of pages(access, { ...query, pageLines: 50, ...more })) found.push(entries);
    return (more.direction === "backward" ? found.reverse() : found).flat();
  }

  it("hands over every line once, in order, also if many have the same nanosecond and the connection breaks", async () => {
    await fc.assert(
      fc.asyncProperty(
        crowds(20),
        fc.integer({ min: 30, max: 90 }),
        fc.constantFrom("forward" as const, "backward" as const),
        fc.nat({ max: 4 }),
        async (lines, pageLines, direction, breaks) => {
          // Two crowds at one moment may be too many for a page; the test below has that case.
          const moments = lines.map(({ ns }) => ns);
          fc.pre(moments.every((moment) => moments.filter((other) => other === moment).length < pageLines));
          const double = new LokiDouble();
          double.push(...lines);
          double.mishap = (n) => (breaks > 0 && n % (breaks + 1) === 1 ? "cut" : undefined);
          access = await double.open();
          try {
            const found = await all({ pageLines, direction });
            assert.deepEqual(sorted(found).sort(), textsOf(lines));
            assert.ok(ordered(found));
          } finally {
            double.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("pages through thousands of lines of one moment, if an answer holds one more", async () => {
    const crowd = (ns: bigint, name: string) =>
      Array.from({ length: 4_999 }, (_, index) => ({
        ns,
        line: `${name}${index}`,
        labels: { app: "a", n: `${index % 7}` },
      }));
    const lines = [...crowd(start, "first"), ...crowd(start + 1n, "second"), ...crowd(start + span - 1n, "last")];
    loki.push(...lines, { ns: start + span, line: "at the end, which is outside" });
    for (const direction of ["forward", "backward"] as const) {
      const found = await all({ pageLines: 5_000, direction });
      assert.deepEqual(sorted(found).sort(), textsOf(lines));
    }
  });

  it("says so if a moment has more lines than an answer holds, rather than lose one", async () => {
    loki.push(...Array.from({ length: 60 }, (_, index) => ({ ns: start + 7n, line: String(index) })));
    for (const direction of ["forward", "backward"] as const)
      await assert.rejects(
        all({ direction }),
        /At 1763800000000000007 ns \(2025-11-22T08:26:40.000Z\) there are 50 lines or more[^]*-> narrow the query[^]*-> raise/,
      );
  });

  it("asks for less if an answer is too large", async () => {
    const lines = Array.from({ length: 90 }, (_, index) => ({
      ns: start + BigInt(index),
      line: "x".repeat(100) + index,
    }));
    loki.push(...lines);
    loki.mostCharacters = 1_500;
    assert.deepEqual(sorted(await all()).sort(), textsOf(lines));
    const found = await newest(access, { ...query, pageLines: 50, limit: 40 });
    assert.deepEqual(
      found.map(({ line }) => line),
      lines.slice(-40).map(({ line }) => line),
    );
    loki.mostCharacters = 10;
    await assert.rejects(all(), /single line is too large/);
  });

  it("waits while Loki starts or is busy, and says so", async () => {
    loki.push({ ns: start, line: "here" });
    const trouble = [
      { status: 500, body: "empty ring" },
      { status: 429, body: "too many outstanding" },
      "cut" as const,
    ];
    loki.mishap = (n) => trouble[n];
    const notes: string[] = [];
    assert.equal((await all({ onNote: (note) => notes.push(note) })).length, 1);
    assert.equal(notes.length, 3, notes.join("\n"));
    assert.match(notes[0]!, /^lost Loki \([^]*empty ring\); asking again$/);
  });

  it("gives up if Loki stays away, and at once if it refuses the query", async () => {
    loki.mishap = () => "cut";
    await assert.rejects(
      all({ giveUpSeconds: 0.05 }),
      /has not answered for 0.05 s[^]*-> find what is wrong: npm run doctor/,
    );
    loki.mishap = () => ({ status: 400, body: "parse error" });
    await assert.rejects(all(), /^OperatorError: Loki refuses the query/);
  });

  it("ends when it is stopped", async () => {
    loki.mishap = () => "cut";
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 20);
    await assert.rejects(all({ pauseMs: 60_000, signal: stopping.signal }), { name: "AbortError" });
  });

  it("for the newest lines ends as soon as it has them", async () => {
    loki.push(...Array.from({ length: 500 }, (_, index) => ({ ns: start + BigInt(index), line: String(index) })));
    for (const limit of [20, 49, 50, 51, 120, 500, 800]) {
      const before = loki.requests.length;
      const found = await newest(access, { ...query, pageLines: 50, limit });
      assert.deepEqual(
        found.map(({ line }) => Number(line)),
        Array.from({ length: Math.min(limit, 500) }, (_, index) => 500 - Math.min(limit, 500) + index),
      );
      const asked = loki.requests.length - before;
      assert.ok(asked <= Math.ceil(limit / 49), `${asked} queries for ${limit} lines`);
    }
  });

  it("for few lines needs one answer, which may end in the middle of a moment", async () => {
    loki.push(...Array.from({ length: 60 }, (_, index) => ({ ns: start, line: String(index) })));
    const found = await newest(access, { ...query, pageLines: 50, limit: 50 });
    assert.deepEqual(
      found.map(({ line }) => Number(line)),
      Array.from({ length: 50 }, (_, index) => index + 10),
      "in the order in which they were written",
    );
  });
});

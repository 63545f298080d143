import assert from "node:assert/strict";
import { around, grouped, sourceOf, type Nearby } from "../../../logs/around";
import { queryRange, type LokiAccess } from "../../../logs/query";
import { LokiDouble } from "../../support/lokiDouble";

const base = 1_763_800_000_000_000_000n;

describe("lines around a line", () => {
  let loki: LokiDouble;
  let access: LokiAccess;

  beforeEach(async () => {
    loki = new LokiDouble();
    access = await loki.open();
  });
  afterEach(() => loki.close());

  /** Lines of a pod at these moments; its text is its place. */
  const write = (pod: string, offsets: readonly number[], texts = offsets.map((_, index) => `${pod} ${index}`)) =>
    loki.push(
      ...offsets.map((offset, index) => ({
        ns: base + BigInt(offset),
        line: texts[index]!,
        labels: { app: "shop" },
        metadata: { pod },
      })),
    );
  const groupsOf = async (wanted: readonly string[], lines: number) => {
    const all = await queryRange(access, { query: "", start: base, end: base + 10_000n, limit: 5_000 });
    const groups = await around(
      access,
      all.filter(({ line }) => wanted.includes(line)),
      { lines, pageLines: 5_000 },
    );
    return groups.map((group) => group.map(({ entry, found }) => `${found ? ">" : ""}${entry.line}`));
  };

  it("are of its own pod, as many on each side as there are", async () => {
    write("web", [0, 10, 20, 30, 40, 50]);
    write("db", [5, 15, 25, 35]);
    assert.deepEqual(await groupsOf(["web 3"], 2), [["web 1", "web 2", ">web 3", "web 4", "web 5"]]);
    assert.deepEqual(await groupsOf(["web 0"], 1), [[">web 0", "web 1"]]);
    assert.deepEqual(await groupsOf(["web 5"], 9), [["web 0", "web 1", "web 2", "web 3", "web 4", ">web 5"]]);
  });

  it("become one group where they meet, and stay two where they do not or are of two pods", async () => {
    write("web", [0, 10, 20, 30, 40, 50, 60, 70]);
    write("db", [5, 15, 25, 35]);
    assert.deepEqual(await groupsOf(["web 1", "web 3", "db 1", "web 7"], 1), [
      ["web 0", ">web 1", "web 2", ">web 3", "web 4"],
      ["db 0", ">db 1", "db 2"],
      ["web 6", ">web 7"],
    ]);
  });

  it("keep their order within one moment", async () => {
    write("web", [0, 7, 7, 7, 7, 7, 9]);
    assert.deepEqual(await groupsOf(["web 3"], 2), [["web 1", "web 2", ">web 3", "web 4", "web 5"]]);
  });

  it("are found for a line that the query rewrote", async () => {
    write("web", [0, 10, 20]);
    const [hit] = await queryRange(access, { query: "", start: base + 10n, end: base + 11n });
    const [group] = await around(access, [{ ...hit!, line: "rewritten" }], { lines: 1, pageLines: 50 });
    assert.deepEqual(
      group?.map(({ entry, found }) => [entry.line, found]),
      [
        ["web 0", false],
        ["web 1", true],
        ["web 2", false],
      ],
    );
  });

  it("come from the streams of its container, in whichever shard of Loki's", () => {
    const entry = { timestampNs: "1", labels: { app: 'a"b', __stream_shard__: "3" }, metadata: { pod: "p" }, line: "" };
    assert.equal(sourceOf(entry), String.raw`{app="a\"b"} | pod="p"`);
    assert.equal(sourceOf({ ...entry, metadata: {} }), String.raw`{app="a\"b"}`);
  });

  it("are marked as found in every window in which they are", () => {
    const line = (text: string, found: boolean): Nearby => ({
      entry: { timestampNs: text, labels: {}, metadata: {}, line: text },
      found,
    });
    assert.deepEqual(
      grouped([
        [line("1", true), line("2", false)],
        [line("1", false), line("2", true), line("3", false)],
      ]),
      [[line("1", true), line("2", true), line("3", false)]],
    );
  });
});

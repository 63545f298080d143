import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Entry, LokiAccess } from "../../../logs/query";
import { Handed, tail, type TailQuery } from "../../../logs/tail";
import { LokiDouble } from "../../support/lokiDouble";
import { waitFor } from "../../support/wait";

describe("a tail", () => {
  let loki: LokiDouble;
  let access: LokiAccess;
  let seen: string[];
  let notes: string[];
  let stopping: AbortController;
  let tailing: Promise<void> | undefined;
  let next: number;

  beforeEach(async () => {
    loki = new LokiDouble();
    access = await loki.open();
    [seen, notes, stopping, tailing, next] = [[], [], new AbortController(), undefined, 0];
  });
  afterEach(async () => {
    stopping.abort();
    loki.close();
    await tailing?.catch(() => undefined);
  });

  let ticks = 0n;
  /** Never the same moment twice. */
  const now = () => BigInt(Date.now()) * 1_000_000n + ticks++;
  /** Stores as many lines as asked for, numbered on from the last. */
  const write = (count: number) => {
    for (let index = 0; index < count; index++)
      loki.push({ ns: now(), line: String(next++), metadata: { pod: "p", b: "c" } });
  };
  const start = (more: Partial<TailQuery> = {}) => {
    tailing = tail(access, {
      query: '{app="a"}',
      reconnectMs: 5,
      pauseMs: 5,
      pageLines: 50,
      signal: stopping.signal,
      onEntry: ({ line }) => seen.push(line),
      onNote: (note) => notes.push(note),
      ...more,
    });
    return tailing;
  };
  const connected = async () => waitFor("a tail", 5, () => Promise.resolve(loki.tailing > 0 || undefined), 2);
  const expected = () => Array.from({ length: next }, (_, index) => String(index));
  const everything = async () =>
    waitFor("every line", 5, () => Promise.resolve(seen.length >= next || undefined), 5).then(() => sleep(20));

  it("hands over what Loki has from the beginning on, then each new line", async () => {
    write(120);
    void start({ start: new Date(Date.now() - 60_000) });
    await connected();
    write(30);
    await everything();
    assert.deepEqual(seen, expected());
    assert.equal(loki.requests[0]?.pathname, "/loki/api/v1/tail");
    assert.equal(loki.headers[0]?.["x-scope-orgid"], "acme");
  });

  it("after a lost connection hands over what it missed, more than an answer holds, and no line twice", async () => {
    void start();
    await connected();
    write(10);
    for (let round = 0; round < 4; round++) {
      loki.dropTails();
      write(130); // while nobody listens
      await connected();
      write(10);
      await everything();
    }
    assert.deepEqual(seen, expected());
    assert.deepEqual(notes, Array<string>(4).fill("Loki ended the tail; connecting again"));
  });

  it("survives that what it missed can't be asked for at once", async () => {
    void start();
    await connected();
    write(10);
    await everything();
    const asked = loki.requests.length;
    loki.mishap = (n) => (n < asked + 4 ? "cut" : undefined);
    loki.dropTails();
    write(60);
    await everything();
    assert.deepEqual(seen, expected());
    assert.match(notes.join("\n"), /lost Loki \(socket hang up\); connecting again/);
  });

  it("takes a Loki without a sign of life for lost", async () => {
    loki.pings = false;
    void start({ silenceMs: 30 });
    await waitFor("the note", 5, () => Promise.resolve(notes.length > 0 || undefined));
    assert.equal(notes[0], "lost Loki (silent for 0.03 s); connecting again");
    loki.pings = true;
    write(3);
    await everything();
    assert.deepEqual(seen, expected());
  });

  it("does not hand over what was handed over before", async () => {
    const handed = new Handed();
    write(2);
    const entry = (ns: bigint, line: string): Entry => ({
      timestampNs: String(ns),
      labels: { app: "a" },
      metadata: { b: "c", pod: "p" },
      line,
    });
    const moment = now();
    loki.push({ ns: moment, line: "printed", metadata: { pod: "p", b: "c" } });
    assert.equal(handed.add(entry(moment, "printed")), true);
    assert.equal(handed.add(entry(moment, "printed")), false);
    void start({ start: new Date(Date.now() - 1_000), handed });
    await everything();
    assert.deepEqual(seen, ["0", "1"]);
  });

  it("remembers the lines of the last seconds, however many, and forgets older ones", () => {
    const handed = new Handed();
    const add = (seconds: number, line: string) =>
      handed.add({ timestampNs: String(now() - BigInt(seconds) * 1_000_000_000n), labels: {}, metadata: {}, line });
    for (let index = 0; index < 50_000; index++) add(60, `old ${index}`);
    for (let index = 0; index < 50_000; index++) add(5, `new ${index}`);
    const { size } = (handed as unknown as { times: Map<string, bigint> }).times;
    assert.ok(size >= 50_000 && size < 70_000, String(size));
  });

  it("ends with Loki's words if it refuses the query", async () => {
    loki.mishap = () => ({ status: 400, body: "parse error: unexpected }" });
    await assert.rejects(start(), /^OperatorError: Loki refuses the query[^]*unexpected }[^]*-> quote the whole query/);
    tailing = undefined;
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defaultsFor } from "../../../config/defaults";
import { settingsSchema } from "../../../config/settings";
import { programs } from "../../../local/builds/programs";
import { choose, kindOf, linesOf, type Kind, type LineFile } from "../../benchmarks/encodings/lines";
import { median, ratio, type Measurement } from "../../benchmarks/encodings/measurement";
import { bytesOf, linesIn, pushBodies, reordered, secondsOf, streamOf } from "../../benchmarks/encodings/push";
import { base, markdown } from "../../benchmarks/encodings/table";
import { chunkText } from "../../support/store";

const mebibyte = 2 ** 20;
const file = (kind: Kind, mebibytes: number, origin = "npm"): LineFile => {
  return { path: `/${kind}-${mebibytes}`, origin, bytes: mebibytes * mebibyte, kind };
};

const measured = (change: Partial<Measurement>): Measurement => ({
  kind: "JSON",
  encoding: "snappy",
  lines: 10,
  rawBytes: 8000,
  storedBytes: 2000,
  chunks: 3,
  writeNanoseconds: [1000, 2000, 4000],
  readNanoseconds: [1000, 1000, 1000],
  identicalChunks: 3,
  reorderedChunks: 2,
  ...change,
});
const memory = [
  { encoding: "snappy", flushBytes: [1024, 3072, 1024], queryBytes: [2048, 2048, 2048] },
  { encoding: "gzip", flushBytes: [2048, 3072, 4096], queryBytes: [4096, 2048, 2048] },
];

/** What protobuf's wire format says that a message has: whole numbers, or bytes as latin1. */
function fieldsOf(message: Buffer): [id: number, value: number | string][] {
  const fields: [number, number | string][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++]!;
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const value = varint();
    fields.push([tag >> 3, tag % 8 === 0 ? value : message.subarray(at, (at += value)).toString("latin1")]);
  }
  return fields;
}
const inside = (value: number | string | undefined) => fieldsOf(Buffer.from(value as string, "latin1"));

describe("The benchmark of encodings tells how lines are written", () => {
  const cases: [Kind, string[]][] = [
    ["JSON", ['{"level":"info"}', '{"a":1}', "panic"]],
    ["logfmt", ['level=info ts=2026-01-01 msg="a b"', "a=1 b=2", "panic"]],
    ["plain text", ["2026-01-01 status installed a=1", "key=value"]],
    ["plain text", ["17", '{"cut']],
    ["plain text", []],
  ];
  for (const [kind, lines] of cases) it(`${kind}: ${lines[0] ?? "nothing"}`, () => assert.equal(kindOf(lines), kind));
});

describe("The benchmark of encodings chooses files", () => {
  it("of kinds of which there is enough, and says what it leaves out", () => {
    const wanted: [Kind, number][] = [
      ["JSON", 3],
      ["plain text", 0.5],
      ["JSON", 1],
      ["plain text", 0.5],
    ];
    const [first, ...others] = wanted.map(([kind, size]) => file(kind, size));
    const { files, leftOut } = choose([first!, file("logfmt", 0.5), ...others]);
    assert.deepEqual(
      files.map(({ kind, bytes }) => [kind, bytes / mebibyte]),
      wanted,
    );
    assert.deepEqual(leftOut, ["logfmt: 512 KiB is less than 1.0 MiB"]);
  });

  it("as far as memory allows, passing over what is too large", () => {
    assert.deepEqual(
      choose([file("JSON", 100), file("JSON", 29), file("JSON", 28)]).files.map(({ bytes }) => bytes / mebibyte),
      [100, 28],
    );
  });

  it("and refuses too few lines with a remedy", () => {
    assert.throws(() => choose([file("JSON", 3.9)]), {
      name: "OperatorError",
      message:
        /^The benchmark needs 4\.0 MiB of log lines, and only 3\.9 MiB of 3\.9 MiB .*\.\n {2}-> name files of real logs/,
    });
    assert.throws(() => choose([]), /only 0 B of 0 B can be measured/);
  });

  it("that are text", () => {
    const dir = mkdtempSync(join(tmpdir(), "logharbor-encodings-"));
    try {
      const [text, packed, absent] = ["app.log", "app.log.gz", "no.log"].map((name) => join(dir, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(text, "level=info msg=started\n".repeat((5 * mebibyte) / 23));
      writeFileSync(packed, gzipSync(readFileSync(text)));
      assert.deepEqual(
        linesOf([text]).files.map(({ path, origin, kind }) => [path, origin, kind]),
        [[text, "files given", "logfmt"]],
      );
      const unfit = new RegExp(`Cannot read log lines from ${packed}, ${absent}\\.\n {2}-> name files of plain text`);
      assert.throws(() => linesOf([text, packed, absent]), unfit);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe("The benchmark of encodings compares", () => {
  it("each round with the same round, and takes the median", () => {
    assert.equal(ratio([2000, 2000, 12000], [1000, 2000, 4000]), 2);
    assert.equal(median([5, 1, 9, 7]), 5);
  });

  it("each encoding with snappy on the same lines", () => {
    const times = { writeNanoseconds: [3000, 4000, 8000], readNanoseconds: [1500, 1400, 9000] };
    const chunks = { storedBytes: 1000, chunks: 2, identicalChunks: 2, reorderedChunks: 1 };
    const gzip = measured({ encoding: "gzip", ...times, ...chunks });
    const others = measured({ kind: "logfmt", storedBytes: 4000, readNanoseconds: [1, 1, 1] });
    const result = { cores: 2, measurements: [measured({}), gzip, others], memory };
    const lines = markdown(
      result,
      [file("JSON", 3), file("JSON", 1, "the system"), file("logfmt", 2)],
      "3.7.6, go1.26.8",
    ).split("\n");
    assert.deepEqual(lines.slice(2, 5), [
      "| JSON | snappy | 0.250 | 1.00 | 1.00 | 1.00 | 3 | 3 | 2 |",
      "| JSON | gzip | 0.125 | 0.50 | 2.00 | 1.50 | 2 | 2 | 1 |",
      "| logfmt | snappy | 0.500 | 1.00 | 1.00 | 1.00 | 3 | 3 | 2 |",
    ]);
    assert.deepEqual(lines.slice(8, 10), [
      "| snappy | 1.0 KiB | 2.0 KiB | 1.00 | 1.00 |",
      "| gzip | 3.0 KiB | 2.0 KiB | 2.00 | 1.00 |",
    ]);
    assert.match(lines.join("\n"), /Loki 3\.7\.6, go1\.26\.8, 2 cores, median of 3 rounds/);
    assert.match(lines.join("\n"), /JSON: 10 lines, 7\.8 KiB, 2 files \(npm, the system\); with snappy, /);
    assert.match(lines.join("\n"), /one core wrote 4000 MB and read 16000 MB of lines a second/);
  });
});

describe("The benchmark of encodings pushes", () => {
  const lines = ["a=1", "an ä", "c"];
  const stream = streamOf({ job: "bench", stream: "7" }, lines, 1);

  it("lines at times of their own, the same at every run, their bytes counted as they are stored", () => {
    assert.deepEqual(streamOf({ job: "bench", stream: "7" }, lines, 1), stream);
    const times = streamOf({}, Array<string>(1000).fill("x"), 1).entries.map(({ at }) => at);
    assert.ok(times.every((at, index) => index === 0 || at > times[index - 1]!));
    assert.equal(Math.round(times.at(-1)! / 1e9), 5);
    assert.equal(bytesOf([stream]), 9);
    assert.equal(secondsOf([stream, streamOf({}, Array<string>(1000).fill("x"), 1)]), Math.ceil(times.at(-1)! / 1e9));
  });

  it("them in Loki's protobuf, in a block of snappy", () => {
    const [body, ...others] = pushBodies(stream) as [Buffer];
    assert.deepEqual(others, []);
    const length = body[0]! - 128 + body[1]! * 128;
    assert.equal(length, body.length - 7, "a length of two bytes, a literal's tag and its length of four");
    assert.deepEqual([body[2], body.readUInt32LE(3)], [0xfc, length - 1]);
    const [[, content]] = fieldsOf(body.subarray(7)) as [[number, string]];
    const [labels, ...entries] = inside(content);
    assert.deepEqual(labels, [1, '{job="bench", stream="7"}']);
    const decoded = entries.map(([, entry]) => new Map(inside(entry)));
    assert.deepEqual(
      decoded.map((entry) => Buffer.from(entry.get(2) as string, "latin1").toString()),
      lines,
    );
    assert.deepEqual(inside(decoded[2]?.get(1)), [
      [1, 1767225600],
      [2, stream.entries[2]?.at],
    ]);
    assert.deepEqual(inside(decoded[0]?.get(3)), [
      [1, "pod"],
      [2, "web-7d4b9c6f5d-7"],
    ]);
  });

  it("in requests of at most 1 MiB", () => {
    const bodies = pushBodies(streamOf({ stream: "0" }, Array<string>(30).fill("x".repeat(100_000)), 0));
    assert.deepEqual(
      bodies.map(({ length }) => length > 2 ** 20 + 100),
      [false, false, false],
    );
  });

  it("for another order, every second line before its predecessor", () => {
    assert.deepEqual(
      reordered(stream).entries.map(({ line }) => line),
      ["an ä", "a=1", "c"],
    );
  });

  it("the lines of a file, without empty ones", () => {
    const dir = mkdtempSync(join(tmpdir(), "logharbor-encodings-"));
    try {
      writeFileSync(join(dir, "app.log"), "one\r\n\ntwo\n");
      assert.deepEqual(linesIn(join(dir, "app.log")), ["one", "two"]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe("The benchmark of encodings", () => {
  it("measures the default, and what it compares with, among what the setting offers", () => {
    const { options } = settingsSchema.shape.loki.shape.chunkEncoding;
    for (const profile of ["dev", "prod"] as const) {
      const { chunkEncoding } = defaultsFor(profile).loki as { chunkEncoding: (typeof options)[number] };
      assert.ok(options.includes(chunkEncoding));
    }
    assert.ok(options.includes(base));
  });

  it("is of the Loki that is deployed", () => {
    assert.equal(programs.loki.version, `v${(defaultsFor("prod").images as { loki: { tag: string } }).loki.tag}`);
  });
});

describe("The text of a stored chunk", () => {
  it("is that of its blocks, whatever is around and inside of them", () => {
    const header = Buffer.from([0x1f, 0x8b, 8, 0, 255, 255, 255, 255, 0, 255, 255]);
    const chunk = Buffer.concat([
      Buffer.from("head"),
      header,
      gzipSync("first\n"),
      Buffer.from([1, 2, 3, 4]),
      gzipSync("second\n"),
      Buffer.from("tail"),
    ]);
    assert.equal(chunkText(chunk), "first\nsecond\n");
  });
});

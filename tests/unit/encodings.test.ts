import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defaultsFor } from "../../config/defaults";
import { settingsSchema } from "../../config/settings";
import { benchmarkParts, parts } from "../../local/parts/parts";
import { choose, findLines, kindOf, type Kind, type LineFile } from "../benchmarks/encodings/lines";
import { median, parseResult, ratio, type Measurement } from "../benchmarks/encodings/measurement";
import { base, markdown } from "../benchmarks/encodings/table";
import { chunkText } from "../e2e/support/store";

const mebibyte = 2 ** 20;
const file = (kind: Kind, mebibytes: number, origin = "npm"): LineFile => ({ path: `/${kind}-${mebibytes}`, origin, bytes: mebibytes * mebibyte, kind });

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
  openBytes: 1024,
  flushBytes: 2048,
  ...change,
});
const result = (...measurements: Measurement[]) => ({ cores: 2, goVersion: "go1.26.8", measurements });

describe("The benchmark of encodings tells how lines are written", () => {
  const cases: [Kind, string[]][] = [
    ["JSON", ['{"level":"info"}', '{"a":1}', "panic"]],
    ["logfmt", ['level=info ts=2026-01-01 msg="a b"', "a=1 b=2", "panic"]],
    ["plain text", ["2026-01-01 status installed a=1", "key=value"]],
    ["plain text", ["17", '{"cut'] ],
    ["plain text", []],
  ];
  for (const [kind, lines] of cases) it(`${kind}: ${lines[0] ?? "nothing"}`, () => assert.equal(kindOf(lines), kind));
});

describe("The benchmark of encodings chooses files", () => {
  it("of kinds of which there is enough, and says what it leaves out", () => {
    const { files, leftOut } = choose([file("JSON", 3), file("logfmt", 0.5), file("plain text", 0.5), file("JSON", 1), file("plain text", 0.5)]);
    assert.deepEqual(files.map(({ kind, bytes }) => [kind, bytes / mebibyte]), [["JSON", 3], ["plain text", 0.5], ["JSON", 1], ["plain text", 0.5]]);
    assert.deepEqual(leftOut, ["logfmt: 512 KiB is less than 1.0 MiB"]);
  });

  it("as far as memory allows, passing over what is too large", () => {
    assert.deepEqual(choose([file("JSON", 100), file("JSON", 29), file("JSON", 28)]).files.map(({ bytes }) => bytes / mebibyte), [100, 28]);
  });

  it("and refuses too few lines with a remedy", () => {
    assert.throws(() => choose([file("JSON", 3.9)]), /^OperatorError: 4\.0 MiB of log lines are needed, and of 3\.9 MiB there are 3\.9 MiB that can be measured\.\n {2}-> name files of real logs with --lines/);
    assert.throws(() => choose([]), /of 0 B there are 0 B/);
  });

  it("that are text", () => {
    const dir = mkdtempSync(join(tmpdir(), "logharbor-encodings-"));
    try {
      const [text, packed, absent] = ["app.log", "app.log.gz", "no.log"].map((name) => join(dir, name)) as [string, string, string];
      writeFileSync(text, "level=info msg=started\n".repeat((5 * mebibyte) / 23));
      writeFileSync(packed, gzipSync(readFileSync(text)));
      assert.deepEqual(findLines([text]).files.map(({ path, origin, kind }) => [path, origin, kind]), [[text, "files given", "logfmt"]]);
      assert.throws(() => findLines([text, packed, absent]), new RegExp(`No log lines can be read from ${packed}, ${absent}\\.\n {2}-> name files of plain text`));
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
    const gzip = measured({ encoding: "gzip", storedBytes: 1000, writeNanoseconds: [3000, 4000, 8000], readNanoseconds: [1500, 1400, 9000], chunks: 2, identicalChunks: 2, reorderedChunks: 1 });
    const others = measured({ kind: "logfmt", storedBytes: 4000, readNanoseconds: [1, 1, 1] });
    const lines = markdown(result(measured({}), gzip, others), [file("JSON", 3), file("JSON", 1, "the system"), file("logfmt", 2)], "v3.7.6").split("\n");
    assert.deepEqual(lines.slice(2, 5), [
      "| JSON | snappy | 0.250 | 1.00 | 1.00 | 1.00 | 1.0 KiB | 2.0 KiB | 3 | 3 | 2 |",
      "| JSON | gzip | 0.125 | 0.50 | 2.00 | 1.50 | 1.0 KiB | 2.0 KiB | 2 | 2 | 1 |",
      "| logfmt | snappy | 0.500 | 1.00 | 1.00 | 1.00 | 1.0 KiB | 2.0 KiB | 3 | 3 | 2 |",
    ]);
    assert.match(lines.join("\n"), /Loki v3\.7\.6, go1\.26\.8, 2 cores, median of 3 rounds/);
    assert.match(lines.join("\n"), /JSON: 10 lines, 7\.8 KiB, 2 files \(npm, the system\); snappy wrote 4000 MB and read 8000 MB a second/);
  });

  it("what the program prints, and nothing else", () => {
    assert.deepEqual(parseResult(JSON.stringify(result(measured({})))), result(measured({})));
    assert.throws(() => parseResult(JSON.stringify(result(measured({ readNanoseconds: [] })))));
    assert.throws(() => parseResult(JSON.stringify(result())));
  });
});

describe("The benchmark of encodings", () => {
  it("measures the default, and what it compares with, among what the setting offers", () => {
    const { options } = settingsSchema.shape.loki.shape.chunkEncoding;
    for (const profile of ["dev", "prod"] as const) assert.ok(options.includes((defaultsFor(profile).loki as { chunkEncoding: (typeof options)[number] }).chunkEncoding));
    assert.ok(options.includes(base));
  });

  it("is of the Loki that is deployed and that the local cluster runs, and not a part of that cluster", () => {
    assert.equal(parts.encodings.version, parts.loki.version);
    assert.equal(parts.encodings.version, `v${(defaultsFor("prod").images as { loki: { tag: string } }).loki.tag}`);
    assert.ok(parts.encodings.keeps.includes(`/loki/v3@${parts.encodings.version}/`));
    assert.ok(benchmarkParts.includes("encodings"));
  });
});

describe("The text of a stored chunk", () => {
  it("is that of its blocks, whatever is around and inside of them", () => {
    const header = Buffer.from([0x1f, 0x8b, 8, 0, 255, 255, 255, 255, 0, 255, 255]);
    const chunk = Buffer.concat([Buffer.from("head"), header, gzipSync("first\n"), Buffer.from([1, 2, 3, 4]), gzipSync("second\n"), Buffer.from("tail")]);
    assert.equal(chunkText(chunk), "first\nsecond\n");
  });
});

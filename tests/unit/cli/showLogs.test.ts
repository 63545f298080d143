import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statsText, type LogRequest } from "../../../cli/showLogs";
import { projectDir } from "../../../automation/project";
import { statsIn } from "../../../logs/stats";
import { LokiDouble } from "../../support/lokiDouble";
import { waitFor } from "../../support/wait";

/** `npm run logs` without a cluster: what it does once it has reached Loki. */
const program = `
import { explain, outliveReaders, print, untilStopped } from "${projectDir}/cli/console";
import { showLogs } from "${projectDir}/cli/showLogs";
const { url, start, end, ...request } = JSON.parse(process.argv[2]!);
outliveReaders();
untilStopped((stopped) =>
  showLogs({ url, tenant: "acme" }, { ...request, start: BigInt(start), end: BigInt(end) }, stopped),
).catch((error) => {
  print(explain(error, false));
  process.exitCode = 1;
});
`;

describe("printed lines", function () {
  this.timeout(60_000);
  let dir: string;
  let loki: LokiDouble;
  let url: string;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "logharbor-show-"));
    writeFileSync(join(dir, "show.ts"), program);
  });
  after(() => rmSync(dir, { recursive: true }));
  beforeEach(async () => {
    loki = new LokiDouble();
    ({ url } = await loki.open());
  });
  afterEach(() => loki.close());

  const start = BigInt(Date.now() - 60_000) * 1_000_000n;
  const write = (count: number) =>
    loki.push(
      ...Array.from({ length: count }, (_, index) => ({
        ns: start + BigInt(index),
        line: `line ${index}`,
        labels: { app: "a", namespace: "n", container: "c" },
        metadata: { pod: "p" },
      })),
    );

  /** Runs a request behind a pipe; `onText` may send it a signal. */
  async function show(
    more: Partial<Omit<LogRequest, "start" | "end">>,
    { pipe = "| cat", onText }: { pipe?: string; onText?: (text: string, interrupt: () => void) => void } = {},
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const end = BigInt(Date.now()) * 1_000_000n;
    const request = {
      query: '{app="a"}',
      limit: 100,
      follow: false,
      output: "raw",
      stats: false,
      pageLines: 50,
      ...more,
    };
    const given = JSON.stringify({ ...request, url, start: String(start), end: String(end) });
    // The pipe gets no SIGINT, so that it passes on what is printed until the end.
    const script = `"$@" > >(exec ${pipe.replace("| ", "")}) & echo "pid $!" >&2; wait $!; echo "status $?" >&2; wait`;
    const node = [process.execPath, "--require", "tsx/cjs", join(dir, "show.ts"), given];
    const child = spawn("bash", ["-c", script, "bash", ...node], {
      cwd: projectDir,
      env: { ...process.env, FORCE_COLOR: "1" },
    });
    const said = { stdout: "", stderr: "" };
    const interrupt = () => process.kill(Number(/^pid (\d+)/.exec(said.stderr)?.[1]), "SIGINT");
    child.stdout.on("data", (chunk: Buffer) => {
      said.stdout += chunk.toString("utf8");
      onText?.(said.stdout, interrupt);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said.stderr += chunk.toString("utf8");
      onText?.(said.stdout, interrupt);
    });
    await new Promise((closed) => child.once("close", closed));
    const [, stderr, status] = /^pid \d+\n([^]*)status (\d+)\n$/.exec(said.stderr) ?? [];
    return { status: Number(status), stdout: said.stdout, stderr: stderr ?? said.stderr };
  }
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`).join("");

  it("are all lines of a range, and nothing else on standard output", async () => {
    write(1_234);
    assert.deepEqual(await show({ limit: "all" }), { status: 0, stdout: lines(1_234), stderr: "" });
  });

  it("have no colours in a pipe, and a table has a header", async () => {
    write(1);
    assert.match((await show({ output: "text" })).stdout, /^\S+ n\/p\/c line 0\n$/);
    assert.match(
      (await show({ output: "csv" })).stdout,
      /^time,namespace,app,pod,container,level,line\n\S+Z,n,a,p,c,,line 0\n$/,
    );
  });

  it("stop silently where their reader does", async () => {
    write(20_000);
    const { status, stdout, stderr } = await show({ limit: "all", pageLines: 1_000 }, { pipe: "| head -1" });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "line 0\n", stderr: "" });
    assert.ok(loki.requests.length < 20, `${loki.requests.length} pages were read for one line`);
  });

  it("end on Ctrl-C with status 130 and without a word, and the tail is closed", async () => {
    write(3);
    let waiting = false;
    const outcome = await show(
      { follow: true },
      {
        onText: (text, interrupt) => {
          if (waiting || text !== lines(3)) return;
          waiting = true;
          void waitFor("a tail", 20, () => Promise.resolve(loki.tailing > 0 || undefined), 20).then(interrupt);
        },
      },
    );
    assert.deepEqual(outcome, { status: 130, stdout: lines(3), stderr: "" });
    await waitFor("the end of the tail", 5, () => Promise.resolve(loki.tailing === 0 || undefined), 20);
  });

  it("say what they cost, if asked", () => {
    const stats = statsIn({
      summary: { totalBytesProcessed: 2048, totalLinesProcessed: 7, execTime: 0.25, queueTime: 0.1 },
    });
    assert.equal(
      statsText([stats, stats]),
      "Loki read 14 lines, 4.0 KiB, in 2 answers: 0.50 s, in the queue 0.20 s (all parts together); 0 chunks",
    );
  });
});

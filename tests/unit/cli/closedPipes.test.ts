import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

const root = path.join(__dirname, "../../..");

/** Long after its reader ended, `answer` goes on and the work comes to its end. */
const talkative = `
import { answer, outliveReaders, readerGone } from "./cli/console";
outliveReaders();
for (let line = 0; line < 50_000; line++) answer("line " + line);
setTimeout(() => { answer("one more"); process.stderr.write(readerGone.aborted ? "to the end, unread" : "read"); }, 50);
`;

describe("a pipe whose reader ends early", function () {
  this.timeout(120_000);
  let dir: string;
  before(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), "logharbor-pipe-"))));
  after(() => fs.rmSync(dir, { recursive: true }));

  /** What a shell sees of `node ... | reader`: the status of node, and what it said on standard error. */
  const piped = async (pipe: string, args: readonly string[]): Promise<{ status: number; said: string }> => {
    const script = `"$@" ${pipe}; echo "status \${PIPESTATUS[0]}" >&2`;
    const node = [process.execPath, ...args];
    const { stderr } = await promisify(execFile)("bash", ["-c", script, "bash", ...node], {
      cwd: root,
      env: { ...process.env, XDG_CACHE_HOME: dir },
    });
    const [, said, status] = /^([^]*?)status (\d+)\n$/.exec(stderr) ?? [];
    return { status: Number(status), said: said ?? stderr };
  };

  it("is told to the program, which comes to its end", async () => {
    fs.writeFileSync(path.join(dir, "talkative.ts"), talkative.replace("./cli", path.join(root, "cli")));
    const script = ["--require", "tsx/cjs", path.join(dir, "talkative.ts")];
    assert.deepEqual(await piped("| head -1", script), { status: 0, said: "to the end, unread" });
    assert.deepEqual(await piped("| cat", script), { status: 0, said: "read" });
  });

  for (const args of [["logs", "--help"], ["stop"]]) {
    it(`is no fault of ${args.join(" ")}`, async () => {
      assert.deepEqual(await piped("2>&1 | true", [path.join("bin", "logharbor"), ...args]), { status: 0, said: "" });
    });
  }
});

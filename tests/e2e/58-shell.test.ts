import assert from "node:assert/strict";
import { headersFor, type Entry } from "../../logs/query";
import { command, type Outcome } from "../support/command";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

const namespace = "e2e-shell";
const written = 12_000;
const why = (costs: string) => `${costs}; unit tests hold the paging and the queries against a double`;

/** Three kinds of lines, so that there are patterns and levels. */
const shop = `
i=0; while [ $i -lt 40 ]; do i=$((i+1))
  echo "level=info msg=\\"order $i paid\\" order=$i"
  echo "level=error msg=\\"card $i refused\\" card=$i"
done; echo "level=fatal msg=\\"the \\\\\\"till\\\\\\" burns\\""; sleep 36000`;
const writer = `i=0; while [ $i -lt ${written} ]; do i=$((i+1)); echo "row $i"; done; sleep 36000`;
const ticker = `i=0; while true; do i=$((i+1)); echo "tick $i"; sleep 0.2; done`;

describe("the shell", () => {
  const p = platform();
  const run = async (...args: string[]): Promise<Outcome> => command(p.cacheHome, args);
  const linesOf = ({ stdout }: Outcome) => stdout.trimEnd().split("\n");
  const numbers = (lines: readonly string[]) => lines.map((line) => Number(line.split(" ").at(-1)));
  const counted = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(namespace);
    await p.cluster.runShells(namespace, [
      { name: "shop-0", app: "shop", script: shop },
      { name: "writer", script: writer },
      { name: "ticker", script: ticker },
    ]);
  });

  after(async () => p.cluster.removeNamespace(namespace));

  full(why("half a minute"), "prints each line of a range once, beyond what one answer of Loki holds", async () => {
    assert.ok(written > 2 * p.settings.loki.limits.maxEntriesLimitPerQuery);
    const last = `row ${written}`;
    await waitFor("the last row", 60, async () => {
      const { stdout } = await run("logs", "--pod", `${namespace}/writer`, "--limit", "1", "-o", "raw");
      return stdout.trim() === last || undefined;
    });
    const all = await run("logs", "--pod", `${namespace}/writer`, "--limit", "all", "-o", "raw", "--stats");
    assert.equal(all.status, 0, all.stderr);
    assert.deepEqual(numbers(linesOf(all)), counted(1, written));
    assert.match(all.stderr, /Loki read \d+ lines/);
    const newest = await run("logs", "--pod", `${namespace}/writer`, "--limit", String(written - 1), "-o", "raw");
    assert.deepEqual(numbers(linesOf(newest)), counted(2, written));
  });

  full(why("a few queries"), "finds lines by app, pod, level and text, with those around them", async () => {
    const found = async (...args: string[]) => linesOf(await run("logs", "-n", namespace, "-o", "raw", ...args));
    const errors = counted(1, 40).map((index) => `level=error msg="card ${index} refused" card=${index}`);
    assert.deepEqual(await found("--app", "shop", "--level", "error"), errors);
    assert.deepEqual(await found("--pod", "shop-*", "--level", "error", "--grep", "card (7|12) "), [
      errors[6],
      errors[11],
    ]);
    assert.deepEqual(await found("--container", "shell", "--grep", String.raw`\\"till\\"`), [
      String.raw`level=fatal msg="the \"till\" burns"`,
    ]);
    assert.deepEqual(await found("--level", "fatal", "--around", "2"), [
      'level=info msg="order 40 paid" order=40',
      'level=error msg="card 40 refused" card=40',
      String.raw`level=fatal msg="the \"till\" burns"`,
    ]);
    const [json] = linesOf(await run("logs", "--pod", `${namespace}/shop-0`, "--level", "fatal", "-o", "json"));
    assert.equal((JSON.parse(json!) as Entry).metadata.detected_level, "fatal");
    const wrong = await run("logs", `{namespace="${namespace}"} |~ "[x"`);
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /error parsing regexp[^]*-> correct the regular expression/);
  });

  full(why("a few queries"), "lists labels, volumes and patterns on this topology", async () => {
    const labels = linesOf(await run("labels", "-n", namespace));
    for (const label of ["namespace", "app", "container", "node"]) assert.ok(labels.includes(label), label);
    assert.deepEqual(linesOf(await run("labels", "app", "-n", namespace)), ["shop", "ticker", "writer"]);
    assert.deepEqual(linesOf(await run("labels", "pod", "-n", namespace)), ["shop-0", "ticker", "writer"]);

    const volumes = linesOf(await run("volume", "-n", namespace, "--by", "app", "-o", "json"));
    const [most] = volumes.map((line) => JSON.parse(line) as { labels: { app: string }; bytes: number });
    assert.equal(most?.labels.app, "writer");
    assert.ok(most.bytes > written * "row 1".length, `${most.bytes} bytes`);

    const patterns = linesOf(await run("patterns", "--app", "shop", "-n", namespace));
    assert.match(patterns.join("\n"), /^ *40 {2}error {2}level=error msg=<_> card=<_>$/m);
    const times = `start=${Date.now() / 1000 - 3600}&end=${Date.now() / 1000}`;
    for (const path of ["patterns", "index/volume", "index/volume_range", "detected_labels", "detected_fields"]) {
      const query = encodeURIComponent(`{namespace="${namespace}"}`);
      const answer = await fetch(`${p.loki.url}/loki/api/v1/${path}?query=${query}&${times}`, {
        headers: headersFor(p.loki),
      });
      assert.equal(answer.status, 200, `Grafana's Logs Drilldown asks for ${path}: ${await answer.text()}`);
    }
  });

  full(
    "a restart of Loki; a unit test breaks the connection to a double",
    "follows through a restart of Loki, without a line lost or twice, and ends on Ctrl-C",
    async () => {
      let interrupt = false;
      let printed = "";
      const following = command(
        p.cacheHome,
        ["logs", "--pod", `${namespace}/ticker`, "--limit", "1", "--follow", "-o", "raw"],
        (stdout) => {
          printed = stdout;
          return interrupt;
        },
      );
      await waitFor("new lines", 60, () => Promise.resolve(printed.split("\n").length > 20 || undefined));
      await p.cluster.restart(p.workloads.loki);
      const [mark] = numbers(linesOf(await run("logs", "--pod", `${namespace}/ticker`, "--limit", "1", "-o", "raw")));
      setTimeout(() => (interrupt = true), 30_000);
      const outcome = await following;
      assert.equal(outcome.status, 130, outcome.stderr);
      const ticks = numbers(linesOf(outcome));
      assert.deepEqual(ticks, counted(ticks[0]!, ticks.at(-1)!));
      assert.ok(ticks.at(-1)! > mark! + 20, "it followed on after the restart");
      assert.match(outcome.stderr, /connecting again/);
      assert.ok(!outcome.stderr.includes("    at "), outcome.stderr);
    },
  );
});

import assert from "node:assert/strict";
import { runInside } from "../../local/cluster/init";
import { bound, livesTable, problem, type Row } from "../support/lives/table";
import { lives } from "../support/lives/lives";
import type { Round, Source } from "../support/lives/life";
import { live, type Bench } from "../support/lives/trial";
import { bySize, core, full } from "../support/sizes";
import { platform } from "../support/platform";
import { readAll } from "../support/readBack";
import { testNode } from "../support/testPlatform";

describe("pods of every kind of life, lines counted", () => {
  const p = platform();
  const rows: Row[] = [];

  before(async () => p.ensureUp());
  after(() => console.log(livesTable(rows)));

  const bench = (source: Source): Bench => ({
    cluster: p.cluster,
    root: testNode.root,
    source,
    stored: async (namespace, since) => readAll(p.loki, `{namespace="${namespace}"}`, since),
    disturb: {
      calm: () => Promise.resolve(),
      alloy: async () => p.cluster.restart(p.workloads.alloy),
      kubelet: async () => {
        await runInside(testNode, ["pkill", "-KILL", "-f", "^/opt/kubernetes kubelet "]);
      },
    },
  });
  const run = async (context: Mocha.Context, source: Source, round: Round) => {
    const short = lives.filter(({ size }) => size === "core");
    // Through the API the losses are documented, not fixed, and the long lives show no others.
    const chosen = source === "files" ? bySize({ core: short, full: lives }) : short;
    const these = await live(chosen, round, bench(source));
    rows.push(...these);
    const [missing, expected, may] = [
      ({ missing: lost }: Row) => lost,
      ({ expected: written }: Row) => written,
      bound,
    ].map((of) => these.reduce((sum, row) => sum + of(row), 0));
    context.test!.title += ` (${missing} of ${expected} lines missing, ${may} may be)`;
    assert.deepEqual(
      these.flatMap((row) => problem(row) ?? []),
      [],
      livesTable(these),
    );
  };

  core("read from the nodes' files", async function () {
    await run(this, "files", "calm");
  });
  full(
    "two minutes; a core run restarts Alloy in the middle of a load",
    "read from files, while Alloy is restarted",
    async function () {
      await run(this, "files", "alloy");
    },
  );
  full("two minutes", "read from files, while the kubelet is restarted", async function () {
    await run(this, "files", "kubelet");
  });
  core("read through the API server", async function () {
    await p.withSettings({ alloy: { source: "kubernetes-api" } }, () => run(this, "kubernetes-api", "calm"));
  });
  full(
    "five minutes; the losses of this source are documented, not fixed",
    "read through the API server, while Alloy or the kubelet is restarted",
    async function () {
      await p.withSettings({ alloy: { source: "kubernetes-api" } }, async () => {
        await run(this, "kubernetes-api", "alloy");
        await run(this, "kubernetes-api", "kubelet");
      });
    },
  );
});

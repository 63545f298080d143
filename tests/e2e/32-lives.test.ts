import assert from "node:assert/strict";
import { runInside } from "../../local/cluster/init";
import { bound, livesTable, problem, type Row } from "./support/lives/table";
import { lives } from "./support/lives/lives";
import type { Round, Source } from "./support/lives/life";
import { live, type Bench } from "./support/lives/trial";
import { platform } from "./support/platform";
import { readAll } from "./support/readBack";
import { testNode } from "./support/testPlatform";

/** LIVES=full runs every life, and each with Alloy and with the kubelet restarted in its middle: ten minutes. */
const full = process.env.LIVES === "full";

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
  const chosen = lives.filter(({ size }) => full || size === "core");

  for (const source of ["files", "kubernetes-api"] as const) {
    for (const round of (full ? ["calm", "alloy", "kubelet"] : ["calm"]) satisfies Round[]) {
      it(`${source}${round === "calm" ? "" : `, while ${round} is restarted`}`, async function () {
        const run = async () => {
          const these = await live(chosen, round, bench(source));
          rows.push(...these);
          const broken = these.flatMap((row) => problem(row) ?? []);
          const lost = these.reduce((sum, { missing }) => sum + missing, 0);
          this.test!.title += ` (${lost} of ${these.reduce((sum, { expected }) => sum + expected, 0)} lines missing, ${these.reduce((sum, row) => sum + bound(row), 0)} may be)`;
          assert.deepEqual(broken, [], livesTable(these));
        };
        if (p.settings.alloy.source === source) await run();
        else await p.withSettings({ alloy: { source } }, run);
      });
    }
  }
});

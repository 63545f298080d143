import assert from "node:assert/strict";
import { join } from "node:path";
import type { ReportedFinding } from "../../doctor/finding";
import { collectName } from "../../render/alloy/collect";
import { command } from "../support/command";
import { causesIn, Doctor, firstFailure } from "../support/doctor";
import { platform } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";
import { alertingFaults } from "./doctorFaults/alertingFaults";
import { alloyFaults } from "./doctorFaults/alloyFaults";
import { clusterFaults } from "./doctorFaults/clusterFaults";
import { lokiFaults } from "./doctorFaults/lokiFaults";
import { minioFaults } from "./doctorFaults/minioFaults";

const faults = [...minioFaults, ...lokiFaults, ...alloyFaults, ...alertingFaults, ...clusterFaults];

describe("doctor", () => {
  const p = platform();
  const doctor = new Doctor(p);
  const namespace = "e2e-doctor";
  const greeting = { script: "while true; do echo hello; sleep 1; done" };

  before(async () => p.ensureUp());

  core("finds nothing in a healthy stack, and says why the lines of a pod are missing", async () => {
    await p.cluster.withNamespace(namespace, async () => {
      await p.cluster.runShells(namespace, [
        { name: "private", ...greeting, annotations: { [collectName]: "false" } },
        { name: "public", ...greeting },
      ]);
      const seen = await waitFor("a healthy stack", 120, async () => {
        const looked = await doctor.look();
        return looked.findings.every(({ severity }) => severity === "note") ? looked : undefined;
      });
      const why = async (name: string) => firstFailure(await doctor.trail(seen, [namespace, name]));
      assert.equal(await why("private"), "the pod has opted out of collection");
      assert.equal(await why("public"), undefined);
      assert.equal(await why("pubic"), `there is no pod pubic in namespace ${namespace}`);
    });
  });

  full("a flush; a unit test holds the judgement", "follows the lines of a pod into MinIO", async () => {
    // Streams of its own, which nobody has flushed.
    const fresh = `${namespace}-${Date.now()}`;
    await p.cluster.withNamespace(fresh, async () => {
      await p.cluster.runShells(fresh, [{ name: "stored", ...greeting }]);
      await waitFor("the pod's lines", 60, async () =>
        (await p.count(`{namespace="${fresh}"}`, new Date(Date.now() - 60_000))) > 0 ? true : undefined,
      );
      const lastHop = async () => (await doctor.trail(await doctor.look(), [fresh, "stored"])).at(-1)!;
      const { state, evidence } = await lastHop();
      assert.deepEqual([state, evidence[0]?.split(":")[0]], ["ok", "none yet"]);
      await p.flush();
      await waitFor("a chunk in MinIO", 60, async () =>
        /chunks of its streams in MinIO: [1-9]\d*; read from there just now: [1-9]/.test((await lastHop()).evidence[0]!)
          ? true
          : undefined,
      );
    });
  });

  full("two ups; a unit test holds the judgement", "names a namespace that is excluded", async () => {
    const overrides = { alloy: { excludeNamespaces: [namespace] } };
    await p.withSettings(overrides, async () => {
      await p.cluster.withNamespace(namespace, async () => {
        await p.cluster.runShells(namespace, [{ name: "public", ...greeting }]);
        const trail = await doctor.trail(await doctor.look(overrides), [namespace, "public"], { overrides });
        assert.equal(firstFailure(trail), `namespace ${namespace} is excluded from collection`);
      });
    });
  });

  full("a look; a unit test holds the judgement", "names the clock of its own machine, 20 minutes ahead", async () => {
    await doctor.healthy();
    const before = { ...process.env };
    Object.assign(process.env, {
      NODE_OPTIONS: `--require ${join(__dirname, "../support/clockDouble.cjs")}`,
      LOGHARBOR_CLOCK_MINUTES: "20",
    });
    try {
      const { stdout, status } = await command(p.cacheHome, ["doctor", "--json"]);
      const { findings } = JSON.parse(stdout) as { findings: ReportedFinding[] };
      assert.deepEqual(causesIn(findings), ["cluster/clock"]);
      assert.equal(status, 1);
    } finally {
      process.env = before;
    }
  });

  for (const fault of faults)
    full("a minute or more; unit tests hold each judgement", `names ${fault.title}`, async () => doctor.names(fault));
});

import assert from "node:assert/strict";
import { exitStatus } from "../../doctor/report";
import { causesIn, Doctor, type Look } from "../support/doctor";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { asViewer } from "../support/viewer";

const why = "a look each; unit tests hold that nothing is judged that was not seen";

/** Doctor with few rights, and where much is missing. */
describe("doctor with few rights", () => {
  const p = platform();
  const doctor = new Doctor(p);
  const { minio, loki, alloy } = p.settings.namespaces;
  const home = "e2e-doctor-viewer";
  const statusOf = ({ facts, findings }: Look) => exitStatus({ findings, unseen: facts.unseen });

  before(async () => p.ensureUp());

  full(why, "judges what a viewer of two namespaces sees, and says what it did not see", async () => {
    await asViewer(p.cluster, home, { namespaces: [minio, loki] }, async (viewer) => {
      const { workloads } = p;
      await doctor.healthy();
      const healthy = await doctor.lookAs(viewer);
      assert.deepEqual(causesIn(healthy.findings), []);
      assert.equal(statusOf(healthy), 2, "too little was seen to call it healthy");
      assert.deepEqual(
        healthy.facts.unseen.filter((note) => !note.endsWith(alloy)),
        [
          `you may not get and create pods/portforward in ${loki}`,
          `you may not get and create pods/portforward in ${minio}`,
          "you may not get clusterrolebindings",
          "you may not get clusterroles",
          `you may not get secret loki-object-store in ${loki}`,
          `you may not get secret minio-root in ${minio}`,
          "you may not list endpointslices in kube-system",
          "you may not list nodes",
          `you may not list secrets in ${loki}`,
          `you may not list secrets in ${minio}`,
        ],
      );
      assert.ok(healthy.facts.unseen.includes(`you may not list pods in ${alloy}`));

      await p.cluster.scale(workloads.minio, 0);
      try {
        const broken = await doctor.lookAs(viewer);
        assert.deepEqual(causesIn(broken.findings), ["minio/workload"]);
        assert.equal(statusOf(broken), 1);
      } finally {
        await p.cluster.scale(workloads.minio, workloads.minio.replicas);
      }
    });
  });

  full(why, "finds nothing, and says so, for a user without any right", async () => {
    await asViewer(p.cluster, home, { namespaces: [] }, async (nobody) => {
      const seen = await doctor.lookAs(nobody);
      assert.deepEqual(seen.findings, []);
      assert.equal(statusOf(seen), 2);
      for (const namespace of [minio, loki, alloy])
        assert.ok(seen.facts.unseen.includes(`you may not list pods in ${namespace}`), seen.facts.unseen.join("\n"));
      const [pod] = await p.cluster.podsOf(p.workloads.loki);
      const trail = await doctor.trail(seen, [loki, pod!.metadata!.name!], { kubeConfig: nobody });
      assert.ok(
        trail.every(({ state }) => state === "unknown" || state === "ok"),
        JSON.stringify(trail),
      );
    });
  });

  full(why, "names half of the namespaces that are gone first", async () => {
    await doctor.healthy();
    const namespaces = { alloy: "e2e-gone-alloy", minio: "e2e-gone-minio" };
    const { findings } = await doctor.look({ namespaces });
    // The policies of Loki name the namespaces of the others, so they are not as the settings want them.
    assert.deepEqual(causesIn(findings), ["minio/namespace", "alloy/namespace", "loki/policy"]);
  });
});

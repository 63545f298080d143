import assert from "node:assert/strict";
import fc from "fast-check";
import { engineFailure, isStale, lockHolder, stackBusy } from "../../../automation/engineError";
import { protectedRefusal } from "../../../automation/guards";
import { rolloutProblem } from "../../../cluster/rollout";
import { troubleOf } from "../../../cluster/podTrouble";
import { halfRemoved, recoveries, type HelmRecord } from "../../../automation/helmRecords";
import {
  knownReleases,
  mended,
  minioResources,
  pendingOperations,
  unfinishedReleases,
} from "../../../automation/state";

const record = (revision: number, status: string, release = "loki"): HelmRecord => ({
  namespace: "logs",
  release,
  revision,
  status,
  secret: `sh.helm.release.v1.${release}.v${revision}`,
});
const loki = { namespace: "logs", name: "loki" };
const removed = (...args: Parameters<typeof recoveries>) =>
  recoveries(...args).flatMap(({ records }) => records.map(({ secret }) => secret));

describe("recovery of interrupted releases", () => {
  it("leaves alone what is not interrupted", () => {
    assert.deepEqual(recoveries([record(1, "superseded"), record(2, "deployed")], [loki], []), []);
    assert.deepEqual(recoveries([record(1, "failed")], [loki], []), []);
    assert.deepEqual(recoveries([], [], []), []);
  });

  it("goes back to the deployed revision after an interrupted upgrade", () => {
    const [only] = recoveries(
      [record(1, "superseded"), record(2, "deployed"), record(3, "pending-upgrade")],
      [loki],
      [],
    );
    assert.deepEqual(
      only?.records.map(({ revision }) => revision),
      [3],
    );
    assert.deepEqual(only?.upgrade, loki);
    assert.equal(
      only?.message,
      "release logs/loki: its upgrade to revision 3 was interrupted; continuing from revision 2, the last that was deployed",
    );
  });

  it("drops the records of an installation of which nothing was deployed, and says that data stays", () => {
    const [only] = recoveries([record(1, "pending-install")], [], []);
    assert.deepEqual(
      only?.records.map(({ revision }) => revision),
      [1],
    );
    assert.match(only?.message ?? "", /volumes and data stay/);
  });

  it("drops the records of a release that was deployed but never noted down", () => {
    assert.deepEqual(removed([record(1, "deployed")], [], [loki]), ["sh.helm.release.v1.loki.v1"]);
    assert.deepEqual(removed([record(1, "deployed")], [loki], [loki]), []);
  });

  it("keeps releases apart", () => {
    assert.deepEqual(removed([record(1, "deployed"), record(1, "pending-install", "minio")], [loki], []), [
      "sh.helm.release.v1.minio.v1",
    ]);
  });

  it("never removes the record of what is deployed and known", () => {
    const status = fc.constantFrom("superseded", "failed", "pending-install", "pending-upgrade", "pending-rollback");
    fc.assert(
      fc.property(fc.array(status, { maxLength: 6 }), fc.nat(6), (statuses, at) => {
        const all = [...statuses.slice(0, at), "deployed", ...statuses.slice(at)].map((each, index) =>
          record(index + 1, each),
        );
        const gone = recoveries(all, [loki], []).flatMap(({ records }) => records);
        assert.ok(gone.every(({ status: each }) => each.startsWith("pending-")));
        assert.equal(gone.length, all.filter(({ status: each }) => each.startsWith("pending-")).length);
      }),
    );
  });

  it("refuses while a destroy is half done", () => {
    assert.equal(halfRemoved("dev", [record(1, "deployed")], [loki]), undefined);
    assert.equal(halfRemoved("dev", [record(1, "uninstalling")], []), undefined);
    assert.match(
      halfRemoved("dev", [record(1, "uninstalling")], [loki])?.message ?? "",
      /logs\/loki\.\n {2}-> finish it first: npm run destroy -- --stack dev/,
    );
  });
});

const urn = (type: string, name: string) => `urn:pulumi:dev::logharbor::${type}::${name}`;
const release = {
  type: "kubernetes:helm.sh/v3:Release",
  urn: urn("kubernetes:helm.sh/v3:Release", "logharbor-loki-release"),
  inputs: loki,
};
const bucket = {
  type: "minio:index/s3Bucket:S3Bucket",
  urn: urn("minio:index/s3Bucket:S3Bucket", "logharbor-store-chunks"),
};
const deployment = (resources: object[], pending: object[] = []) => ({
  version: 3,
  deployment: { manifest: {}, resources, pending_operations: pending },
});

describe("state of a stack", () => {
  it("tells releases, MinIO's resources and pending operations", () => {
    const state = deployment(
      [release, bucket],
      [
        { type: "creating", resource: release },
        { type: "updating", resource: bucket },
      ],
    );
    assert.deepEqual(knownReleases(state), [loki]);
    assert.deepEqual(unfinishedReleases(state), [loki]);
    assert.deepEqual(minioResources(state), [bucket]);
    assert.equal(pendingOperations(state).length, 2);
  });

  it("loses nothing but its pending operations", () => {
    const state = deployment([release, bucket], [{ type: "creating", resource: release }]);
    assert.deepEqual(mended(state, []), deployment([release, bucket]));
    assert.deepEqual(mended({ version: 3, deployment: {} }, []), {
      version: 3,
      deployment: { pending_operations: [] },
    });
  });

  it("marks a release whose upgrade was interrupted, so that the next up upgrades it in any case", () => {
    const state = deployment([{ ...release, outputs: { description: "", timeout: 900 } }, bucket]);
    assert.deepEqual(
      mended(state, [loki]),
      deployment([{ ...release, outputs: { description: "upgrade interrupted", timeout: 900 } }, bucket]),
    );
  });

  it("is empty before the first up", () => {
    const state = { version: 3, deployment: {} };
    assert.deepEqual(
      [knownReleases(state), unfinishedReleases(state), minioResources(state), pendingOperations(state)],
      [[], [], [], []],
    );
  });
});

describe("destroy", () => {
  it("refuses while data is protected, naming it and the way", () => {
    const text = protectedRefusal("prod", deployment([release, { ...bucket, protect: true }]))?.message;
    assert.equal(
      text,
      'Stack "prod" holds protected logs, so nothing was touched. Protected: S3Bucket logharbor-store-chunks.\n' +
        "  -> to keep the logs, do nothing\n" +
        "  -> to give them up: pulumi config set --stack prod logharbor:protectData false, then npm run up " +
        "-- --stack prod, then destroy again",
    );
  });

  it("goes on where nothing is protected", () => {
    assert.equal(protectedRefusal("dev", deployment([release, bucket])), undefined);
  });
});

describe("faults of the engine", () => {
  const lock =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or " +
    "delete the lock file with `pulumi cancel`.\n  file:///s/.pulumi/locks/x.json: created by ann@box " +
    "(pid 4711) at 2026-11-22T11:00:00Z";

  it("knows who holds a lock, and whether that process is gone", () => {
    assert.deepEqual(lockHolder(lock), { user: "ann", host: "box", pid: 4711 });
    assert.equal(lockHolder("[409] Conflict: Another update is currently in progress."), undefined);
    assert.equal(isStale({ user: "ann", host: "another-host.invalid", pid: 1 }), false);
    assert.match(
      stackBusy("dev", lockHolder(lock)).message,
      /^Stack "dev" is locked by ann@box \(process 4711\)\.\n.*\n {2}-> if it was killed: pulumi cancel --stack dev$/,
    );
  });

  it("gives the engine's words without stack traces, each with a remedy", () => {
    const { message } = engineFailure({
      operation: "up",
      errors: ["Unhandled exception: Error: bad thing\n    at foo (/x/index.js:1:2)"],
      text: "",
    });
    assert.equal(
      message,
      "up failed:\n  bad thing\n  -> fix that, then run the same command again: it continues from there",
    );
  });

  it("adds no remedy where the program brought its own, and tells a story once", () => {
    const told = "Unhandled exception: OperatorError: Port 39000 is taken.\n  -> choose another";
    const errors = [told, "Port 39000 is taken.\n  -> choose another", "update failed"];
    const story = "up failed:\n  Port 39000 is taken.\n    -> choose another";
    assert.equal(engineFailure({ operation: "up", errors, text: "", explained: true }).message, story);
    assert.equal(
      engineFailure({ operation: "up", errors, text: "" }).message,
      `${story}\n  -> fix that, then run the same command again: it continues from there`,
    );
  });

  it("says what to do about the usual ones", () => {
    const remedy = (text: string) => engineFailure({ operation: "up", text }).message;
    assert.match(
      remedy("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"),
      /not logged in[^]*pulumi login/,
    );
    assert.match(
      remedy("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE"),
      /passphrase that encrypts the stack's secrets is missing or wrong/,
    );
    assert.match(remedy("write /x: no space left on device"), /free some disk space/);
    assert.match(
      remedy("Command failed with ENOENT: pulumi version\nspawn pulumi ENOENT"),
      /The Pulumi CLI is not on the PATH/,
    );
    assert.match(
      remedy(
        "error: Could not automatically download and install resource plugin 'pulumi-resource-minio' at version v0.17.1: no such host",
      ),
      /pulumi install/,
    );
    assert.match(
      remedy(
        'error: looks like "https://charts.example" is not a valid chart repository or cannot be reached: no such host',
      ),
      /charts\.PART\.repository/,
    );
    assert.match(remedy("configured Kubernetes cluster is unreachable"), /npm run preflight/);
    assert.match(remedy("updates to statefulset spec for fields other than 'replicas'"), /set the size back/);
  });
});

describe("the roll-out of a DaemonSet", () => {
  const status = {
    currentNumberScheduled: 3,
    numberMisscheduled: 0,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberReady: 3,
    observedGeneration: 2,
  };
  const problem = (over: Partial<typeof status>) =>
    rolloutProblem({ metadata: { name: "alloy", generation: 2 }, status: { ...status, ...over } });

  it("has ended when the newest pods are ready on every node", () => {
    assert.deepEqual(problem({}), []);
    assert.deepEqual(problem({ observedGeneration: 1 }), [
      "DaemonSet alloy: Kubernetes has not seen its newest version yet",
    ]);
    assert.deepEqual(problem({ numberReady: 0 }), ["DaemonSet alloy: 0 of 3 pods are up to date and ready"]);
    assert.deepEqual(problem({ updatedNumberScheduled: 1 }), ["DaemonSet alloy: 1 of 3 pods are up to date and ready"]);
    assert.deepEqual(rolloutProblem({ metadata: { name: "alloy", generation: 1 } }), [
      "DaemonSet alloy: Kubernetes has not seen its newest version yet",
    ]);
  });

  it("tells why pods are not ready", () => {
    const pod = (state: object, more: object = {}) =>
      troubleOf({
        metadata: { name: "alloy-x" },
        status: {
          phase: "Pending",
          containerStatuses: [{ name: "alloy", image: "", imageID: "", ready: false, restartCount: 4, state, ...more }],
        },
      });
    assert.deepEqual(pod({ waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } }), [
      "pod alloy-x: container alloy is in ImagePullBackOff: Back-off pulling image",
    ]);
    assert.deepEqual(
      pod({ waiting: { reason: "CrashLoopBackOff" } }, { lastState: { terminated: { exitCode: 1, reason: "Error" } } }),
      ["pod alloy-x: container alloy is in CrashLoopBackOff (4 restarts, the last run ended with Error 1)"],
    );
    assert.deepEqual(pod({ waiting: { reason: "ContainerCreating" } }), ["pod alloy-x: is not ready yet"]);
    assert.deepEqual(pod({ terminated: { exitCode: 1, reason: "Error", message: "trying\nno such bucket\n" } }), [
      "pod alloy-x: container alloy ended with Error 1: no such bucket",
    ]);
    assert.deepEqual(pod({ terminated: { exitCode: 137, reason: "OOMKilled" } }), [
      "pod alloy-x: container alloy ended with OOMKilled 137",
    ]);
    assert.deepEqual(
      troubleOf({
        metadata: { name: "a" },
        status: { conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }] },
      }),
      ["pod a: 0/1 nodes are available"],
    );
    assert.deepEqual(
      troubleOf({ metadata: { name: "a" }, status: { conditions: [{ type: "Ready", status: "True" }] } }),
      [],
    );
  });
});

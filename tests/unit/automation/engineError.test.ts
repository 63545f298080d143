import assert from "node:assert/strict";

import { OperatorError } from "../../../domain/problem";
import { engineFailure, isStale, lockHolder, stackBusy } from "../../../automation/engineError";

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
    assert.equal(
      engineFailure({ operation: "up", errors, text: "", cause: new OperatorError("x", []) }).message,
      story,
    );
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

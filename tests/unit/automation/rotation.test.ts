import assert from "node:assert/strict";

import { nextGenerations, rotate, type Rotating } from "../../../automation/rotation";
import { rotatingStack, rotationConfig } from "../../../automation/rotatingStack";
import type { Settings } from "../../../config/settings";
import { OperatorError } from "../../../domain/problem";
import { settingsFor } from "../../support/stack";

/** A double of a stack: it keeps settings, and notes what is done to it. */
class StackDouble implements Rotating {
  readonly steps: string[] = [];
  /** What an `up` changes: it changes something once after each change of the settings. */
  private applied = "";

  constructor(
    private current: Settings,
    private readonly fails: (step: string) => boolean = () => false,
  ) {}

  settings = async () => Promise.resolve(this.current);
  print = () => undefined;

  async begin(rotation: Partial<Settings["rotation"]>): Promise<void> {
    this.current = { ...this.current, rotation: { ...this.current.rotation, ...rotation } };
    return this.note(`begin ${JSON.stringify(rotation)}`);
  }
  async end(): Promise<void> {
    this.current = { ...this.current, rotation: { ...this.current.rotation, unfinished: [] } };
    return this.note("end");
  }
  async up(restarts: boolean): Promise<{ changes: { update?: number } }> {
    await this.note(restarts ? "up, MinIO together" : "up");
    const now = JSON.stringify(this.current.rotation);
    const changes = now === this.applied ? {} : { update: 1 };
    this.applied = now;
    return { changes };
  }
  changeGrafana = async () => this.note("Grafana");

  private async note(step: string): Promise<void> {
    this.steps.push(step);
    return this.fails(step) ? Promise.reject(new Error(`${step} failed`)) : Promise.resolve();
  }
}

const basic = { authentication: "basic" };

describe("a rotation of credentials", () => {
  it("makes the new ones valid beside the old, then removes the old", async () => {
    const stack = new StackDouble(settingsFor("dev", { gateway: basic }));
    assert.deepEqual(await rotate(stack), {
      done: ["gateway", "grafana", "lokiStore", "minioRoot"],
      waiting: [],
      tenants: [],
    });
    assert.deepEqual(stack.steps, [
      'begin {"gateway":2,"grafana":2,"lokiStore":2,"minioRoot":2,' +
        '"unfinished":["gateway","grafana","lokiStore","minioRoot"]}',
      "up, MinIO together",
      "Grafana",
      "end",
      "up",
    ]);
  });

  it("renews only what was asked for", async () => {
    const stack = new StackDouble(settingsFor("dev", { rotation: { lokiStore: 4 } }));
    await rotate(stack, ["lokiStore"]);
    assert.deepEqual(stack.steps, ['begin {"lokiStore":5,"unfinished":["lokiStore"]}', "up", "end", "up"]);
  });

  it("refuses a credential that the stack does not have, before it does anything", async () => {
    const stack = new StackDouble(settingsFor("dev"));
    await assert.rejects(rotate(stack, ["gateway", "lokiStore"]), {
      message: "This stack has no gateway credentials.\n  -> it has grafana, loki-store, minio-root",
    });
    assert.deepEqual(stack.steps, []);
  });

  it("waits for the clients of further tenants, and goes on at the second run", async () => {
    const stack = new StackDouble(settingsFor("dev", { gateway: { ...basic, tenants: ["team-a"] } }));
    assert.deepEqual(await rotate(stack, ["gateway"]), { done: [], waiting: ["gateway"], tenants: ["team-a"] });
    assert.deepEqual(stack.steps.splice(0), ['begin {"gateway":2,"unfinished":["gateway"]}', "up"]);
    assert.deepEqual(await rotate(stack, ["gateway"]), { done: ["gateway"], waiting: [], tenants: [] });
    assert.deepEqual(stack.steps, ["up", "end", "up"]);
  });

  for (const failing of ["up", "Grafana"])
    it(`leaves both valid if ${failing} fails in step 1, and continues from there`, async () => {
      let broken = true;
      const stack = new StackDouble(settingsFor("dev"), (step) => broken && step === failing);
      await assert.rejects(rotate(stack, ["grafana"]), (error: Error) => {
        assert.ok(error instanceof OperatorError);
        assert.match(error.message, /^The rotation of grafana stopped in step 1 of 2\. Old and new are both valid/);
        assert.match(error.message, new RegExp(`${failing} failed\n  -> run the same command again`));
        return true;
      });
      assert.deepEqual((await stack.settings()).rotation.unfinished, ["grafana"]);
      broken = false;
      stack.steps.splice(0);
      await rotate(stack, ["grafana"]);
      assert.deepEqual(stack.steps, ["up", "Grafana", "end", "up"]);
      assert.equal((await stack.settings()).rotation.grafana, 2);
    });

  it("finishes an earlier rotation before it begins another", async () => {
    const rotation = { gateway: 2, unfinished: ["lokiStore"], lokiStore: 2 };
    const stack = new StackDouble(settingsFor("dev", { rotation }));
    assert.deepEqual((await rotate(stack)).done, ["lokiStore", "grafana", "minioRoot"]);
    assert.deepEqual(stack.steps, [
      "up",
      "end",
      "up",
      'begin {"grafana":2,"minioRoot":2,"unfinished":["grafana","minioRoot"]}',
      "up, MinIO together",
      "Grafana",
      "end",
      "up",
    ]);
  });

  it("finishes without Grafana if that was switched off meanwhile", async () => {
    const rotation = { grafana: 2, unfinished: ["grafana"] };
    const stack = new StackDouble(settingsFor("dev", { rotation, grafana: { enabled: false } }));
    await rotate(stack, ["lokiStore"]);
    assert.deepEqual(stack.steps.slice(0, 3), ["up", "end", "up"]);
  });

  it("says what is valid if the old could not be removed", async () => {
    let ups = 0;
    const stack = new StackDouble(settingsFor("dev"), (step) => step === "up" && ++ups === 2);
    await assert.rejects(
      rotate(stack, ["lokiStore"]),
      /The new loki-store are in use, but removing the old stopped in step 2 of 2\.\nup failed\n {2}-> run npm run up/,
    );
  });

  it("is written as config values, by path", () => {
    assert.deepEqual(rotationConfig(nextGenerations(settingsFor("dev"), ["gateway", "minioRoot"])), {
      "logharbor:rotation.gateway": { value: "2" },
      "logharbor:rotation.minioRoot": { value: "2" },
      "logharbor:rotation.unfinished[0]": { value: "gateway" },
      "logharbor:rotation.unfinished[1]": { value: "minioRoot" },
    });
  });

  it("is refused where the file's generations do not count", () => {
    const nothing = () => assert.fail("it was used");
    assert.throws(
      () =>
        rotatingStack({
          opened: { settings: nothing, kubeConfig: nothing, up: nothing },
          stack: { setAllConfig: nothing, removeConfig: nothing },
          onConfig: nothing,
          overrides: { "logharbor:rotation": "{}" },
          print: nothing,
        }),
      /logharbor:rotation is given for this run only/,
    );
  });
});

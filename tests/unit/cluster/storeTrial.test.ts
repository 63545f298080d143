import assert from "node:assert/strict";

import { storeFacts, storeRights, type StoreRight, type TrialArgs } from "../../../cluster/storeTrial";
import { settingsFor } from "../../support/stack";
import { StoreDouble } from "../../support/storeDouble";

describe("the trial of an object store", () => {
  const keys = { S3_ACCESS_KEY_ID: "key", S3_SECRET_ACCESS_KEY: "secret-key" };
  let store: StoreDouble;

  beforeEach(async () => {
    store = await new StoreDouble("our-logs").start();
    store.secret = keys;
  });
  afterEach(() => store.stop());

  const facts = async (args: TrialArgs = { writes: true }, more: object = {}) => {
    const objectStore = {
      kind: "s3",
      endpoint: store.url,
      buckets: { chunks: "our-logs" },
      secret: "log-store",
      ...more,
    };
    return storeFacts(store.kubeConfig, settingsFor("dev", { objectStore }), args);
  };
  const answers = async (...denied: StoreRight[]) => {
    store.denied = denied;
    const [trial] = (await facts()).trials;
    return Object.fromEntries(Object.entries(trial!.answers).map(([right, answer]) => [right, answer?.code]));
  };

  it("tries all four rights, and leaves nothing behind", async () => {
    assert.deepEqual(await answers(), { list: "ok", get: "ok", put: "ok", delete: "ok" });
    assert.equal(store.asked.filter((right) => right === "put").length, 1);
    assert.equal(store.objects.size, 0);
  });

  for (const right of storeRights)
    it(`finds that the right ${right} alone is missing, and leaves nothing behind`, async () => {
      const found = await answers(right);
      const refused = Object.entries(found).filter(([, code]) => code !== "ok");
      assert.deepEqual(refused, [[right, "AccessDenied"]]);
      assert.equal(store.objects.size, 0);
    });

  it("puts no object that it could not remove again", async () => {
    await answers("delete");
    assert.ok(!store.asked.includes("put"));
  });

  it("changes nothing where it only looks", async () => {
    const { trials } = await facts({ writes: false });
    assert.deepEqual(Object.keys(trials[0]!.answers), ["list", "get"]);
    assert.ok(store.asked.every((right) => right === "list" || right === "get"));
  });

  it("takes keys of the environment only while there is no Secret", async () => {
    store.secret = undefined;
    assert.deepEqual((await facts({ writes: true, keys: { HOME: "/root" } })).missing, ["log-store"]);
    assert.equal(store.asked.length, 0, "nothing to try with");
    const { missing, trials } = await facts({ writes: true, keys });
    assert.deepEqual([missing, trials[0]?.answers.put?.code], [["log-store"], "ok"]);
  });

  it("names keys that are missing or end with a line break, and tries nothing", async () => {
    store.secret = { S3_ACCESS_KEY_ID: "key\n" };
    assert.deepEqual((await facts()).badKeys, ["log-store/S3_ACCESS_KEY_ID", "log-store/S3_SECRET_ACCESS_KEY"]);
    assert.equal(store.asked.length, 0);
  });

  it("tells a bucket that is gone, a port where nobody listens, and an identity from each other", async () => {
    const gone = await facts({ writes: true }, { buckets: { chunks: "other" } });
    assert.equal(gone.trials[0]?.answers.list?.code, "NoSuchBucket");
    const away = await facts({ writes: true }, { endpoint: "http://127.0.0.1:9" });
    assert.equal(away.trials[0]?.answers.list?.code, "ECONNREFUSED");
    const aws = { endpoint: undefined, region: "eu-central-1", secret: undefined, credentials: "identity" };
    assert.equal((await facts({ writes: true }, aws)).untried, "identity");
  });
});

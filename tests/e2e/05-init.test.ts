import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectDir } from "../../automation/operations";
import { command } from "../support/command";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { testNode } from "../support/testPlatform";

describe("a stack file made from the cluster", () => {
  const p = platform();
  const stack = "e2e-init";
  const file = join(projectDir, `Pulumi.${stack}.yaml`);
  const before = process.env.KUBECONFIG;
  const init = async (...args: string[]) => command(p.cacheHome, ["init", "--stack", stack, ...args]);

  beforeEach(() => (process.env.KUBECONFIG = testNode.kubeconfig));
  afterEach(() => {
    rmSync(file, { force: true });
    if (before === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = before;
  });

  full("four starts of the command; unit tests guard what it proposes", "names what fits, once", async () => {
    const dry = await init("--dry-run");
    assert.equal(dry.status, 0, dry.stderr);
    assert.equal(existsSync(file), false);
    const config = { "kubernetes:context": "logharbor-local", "logharbor:profile": "dev" };
    assert.deepEqual(parse(dry.stdout), { config });

    const first = await init();
    assert.equal(first.status, 0, first.stderr);
    const written = readFileSync(file, "utf8");
    assert.deepEqual(parse(written), { config });
    const second = await init();
    assert.match(second.stderr, /nothing was written/);
    assert.equal(readFileSync(file, "utf8"), written);

    const mine = written.replace("profile: dev", "profile: prod # ours");
    writeFileSync(file, mine);
    const third = await init();
    assert.match(third.stderr, /keep {2}profile: prod; the cluster suggests dev/);
    assert.equal(readFileSync(file, "utf8"), mine);
  });

  full("two starts of the command", "says what is wrong with a wrong context or file, and writes nothing", async () => {
    const elsewhere = await init("--context", "nowhere");
    assert.equal(elsewhere.status, 1);
    assert.match(elsewhere.stderr, /has no context "nowhere"; it has: logharbor-local/);
    assert.equal(existsSync(file), false);
    writeFileSync(file, "config: [1]\n");
    const broken = await init();
    assert.match(broken.stderr, /not what Pulumi reads/);
    assert.equal(readFileSync(file, "utf8"), "config: [1]\n");
  });
});

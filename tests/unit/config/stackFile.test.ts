import assert from "node:assert/strict";
import { parse } from "yaml";
import { stackFileConfig, withProposals, type Proposal } from "../../../config/stackFile";

const profile: Proposal = { path: ["logharbor:profile"], value: "prod", why: "five large nodes" };
const servers: Proposal = { path: ["logharbor:minio", "servers"], value: 3, why: "one on each node" };
const ports: Proposal = { path: ["logharbor:apiServerPorts"], value: [443, 16443], why: "it listens there" };
const all = [profile, servers, ports];

describe("a stack file made from proposals", () => {
  it("holds each with its reason, in a form that Pulumi reads", () => {
    const { text, added, kept } = withProposals(undefined, all);
    assert.deepEqual(parse(text), {
      config: {
        "logharbor:profile": "prod",
        "logharbor:minio": { servers: 3 },
        "logharbor:apiServerPorts": [443, 16443],
      },
    });
    for (const { why } of all) assert.ok(text.includes(`# ${why}\n`), text);
    assert.deepEqual([added, kept], [all, []]);
  });

  it("stays as it is the second time, to the byte", () => {
    const { text } = withProposals(undefined, all);
    assert.deepEqual(withProposals(text, all), { text, added: [], kept: [] });
  });

  it("keeps what a person wrote, with comments, and tells the difference", () => {
    const mine = "# ours\nconfig:\n  logharbor:profile: dev # small on purpose\n  logharbor:minio:\n    servers: 4\n";
    const { text, added, kept } = withProposals(mine, all);
    assert.ok(text.startsWith(mine), text);
    assert.deepEqual(added, [ports]);
    assert.deepEqual(kept, [
      { ...profile, own: "dev" },
      { ...servers, own: 4 },
    ]);
  });

  it("adds to a group that is there, and leaves one alone that is not a group", () => {
    const group = withProposals("config:\n  logharbor:minio:\n    drivesPerServer: 2\n", [servers]);
    assert.deepEqual(parse(group.text), { config: { "logharbor:minio": { drivesPerServer: 2, servers: 3 } } });
    const text = "config:\n  logharbor:minio: twelve\n";
    assert.deepEqual(withProposals(text, [servers]), { text, added: [], kept: [{ ...servers, own: "twelve" }] });
  });

  it("leaves encrypted values alone", () => {
    const secret = "config:\n  kubernetes:context:\n    secure: AAAA\n";
    const context: Proposal = { path: ["kubernetes:context"], value: "here", why: "it is this one" };
    assert.equal(withProposals(secret, [context]).text, secret);
  });

  it("takes an empty file, and refuses one that is not a stack file", () => {
    for (const empty of ["", "config:\n", "# nothing yet\n"])
      assert.deepEqual(parse(withProposals(empty, [profile]).text), { config: { "logharbor:profile": "prod" } });
    for (const broken of ["config: [1]\n", "config: {a\n", "config: text\n"]) {
      assert.throws(() => withProposals(broken, all), /not what Pulumi reads.*\n {2}-> mend it/s, broken);
      assert.throws(() => stackFileConfig(broken), /not what Pulumi reads/, broken);
    }
  });
});

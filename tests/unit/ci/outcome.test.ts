import assert from "node:assert/strict";
import { filesOf, statusOf } from "../../../ci/outcome";
import { markdownLimit } from "../../../diff/format/markdown";
import type { ObjectReport, Report } from "../../../diff/report";

describe("the outcome of a preview", () => {
  const requests = { cpu: "0", memory: "0" };
  const sums = { fixed: requests, perNode: requests };
  const report: Report = {
    version: 1,
    stack: "prod",
    before: "main",
    after: "this checkout",
    dangers: [],
    policies: [],
    restarts: [],
    requests: { before: sums, after: sums },
    versions: [],
    objects: [],
    unchanged: 3,
    leftOut: { checksums: 0, chartLabels: 0 },
    notes: [],
  };
  const danger = { key: "k", problem: "p", remedy: "r", accepted: false };

  it("has the status 0, 1 for what failed, 3 for what up refuses", () => {
    const status = (change: Partial<Report>, failures: string[] = []) =>
      statusOf({ stack: "prod", report: { ...report, ...change }, failures });
    assert.equal(status({}), 0);
    assert.equal(status({ dangers: [{ ...danger, accepted: true }] }), 0);
    assert.equal(status({}, ["no cluster"]), 1);
    assert.equal(statusOf({ stack: "prod", failures: ["no cluster"] }), 1);
    assert.equal(status({ dangers: [danger] }, ["the gate refused it"]), 3);
    assert.equal(status({ policies: [{ policy: "a", violation: "b" }] }), 3);
  });

  it("is a comment and the whole difference in two formats, with what the engine would do", () => {
    const files = filesOf({ stack: "prod", report, planned: "1 to be updated", failures: [] });
    assert.deepEqual(Object.keys(files), ["comment.md", "diff.json", "diff.txt"]);
    for (const text of Object.values(files)) assert.match(text, /Pulumi's preview: 1 to be updated/);
  });

  it("is a comment that tells what failed, above what did not", () => {
    const failures = ["no ``` cluster\n  -> start it", "x".repeat(20_000)];
    const files = filesOf({ stack: "prod", report, failures });
    assert.match(
      files["comment.md"]!,
      /^:no_entry: \*\*This failed:\*\*\n\n````text\nno ``` cluster\n {2}-> start it\n````/,
    );
    assert.match(files["comment.md"]!, /x …\n```\n\n### Stack `prod`: no difference, 3 unchanged/);
    assert.ok(files["failures.txt"]!.length > 20_000);
    const alone = filesOf({ stack: "prod", failures: ["no cluster"] });
    assert.deepEqual(Object.keys(alone), ["comment.md", "failures.txt"]);
    assert.match(alone["comment.md"]!, /^### Stack `prod`: the preview failed\n\n:no_entry:/);
  });

  it("has room for what failed: the difference yields", () => {
    const object = (name: string): ObjectReport => ({
      change: "changed",
      maker: "stack",
      kind: "ConfigMap",
      name,
      fields: [{ path: "data", change: "changed", lines: Array<string>(400).fill("+a line of a file") }],
    });
    const objects = Array.from({ length: 30 }, (_, index) => object(String(index)));
    const files = filesOf({ stack: "prod", report: { ...report, objects }, failures: ["x".repeat(9_000)] });
    assert.ok(files["comment.md"]!.length <= markdownLimit, String(files["comment.md"]!.length));
    assert.match(files["comment.md"]!, /had no room here/);
  });
});

import assert from "node:assert/strict";
import { checks } from "../../../doctor/finding";
import { judge } from "../../../doctor/judge";
import { ownChecks, runbookFor } from "../../../doctor/runbooks";
import { healthyFacts } from "../../support/healthyFacts";
import { sectionParts, sectionsOf } from "../../support/runbooks";

describe("the runbook of a finding", () => {
  it("has a section with meaning, impact, and what to see and do, for each check", () => {
    for (const check of checks) {
      const [page, anchor] = runbookFor(check).split("#") as [string, string];
      const section = sectionsOf(page).get(anchor) ?? "";
      for (const part of sectionParts) assert.ok(section.includes(part), `${page}#${anchor} has no ${part}`);
    }
  });

  it("is on doctor's own page only for its checks", () => {
    assert.deepEqual([...sectionsOf("docs/runbooks/cluster.md").keys()].sort(), [...ownChecks].sort());
  });

  it("is named by every finding, at the address of the operator", () => {
    const found = (monitoring: object) => judge({ ...healthyFacts({ monitoring }), dnsReady: 0 });
    assert.deepEqual(
      found({}).map(({ runbook }) => runbook),
      ["docs/runbooks/cluster.md#dns"],
    );
    const [first] = found({ runbookUrl: "https://git.example.com/runbooks" });
    assert.equal(first?.runbook, "https://git.example.com/runbooks/cluster.md#dns");
  });
});

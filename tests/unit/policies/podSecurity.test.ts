import assert from "node:assert/strict";

import { looseNamespaces } from "../../../policies/podSecurity";
import { types, type Resource } from "../../../policies/resource";
import { stack } from "./resources";

describe("pod-security", () => {
  it("one namespace may be privileged, not two, and none without a level", async () => {
    const [first, ...others] = (await stack("dev", { alloy: { source: "kubernetes-api" } })).filter(
      ({ type }) => type === types.namespace,
    );
    const level = (resource: Resource, labels: Record<string, string>): Resource => ({
      ...resource,
      props: { metadata: { labels } },
    });
    const privileged = { "pod-security.kubernetes.io/enforce": "privileged" };
    assert.deepEqual(looseNamespaces([level(first!, privileged), ...others]), []);
    assert.equal(
      looseNamespaces([level(first!, privileged), level(others[0]!, privileged), ...others.slice(1)]).length,
      2,
    );
    assert.match(looseNamespaces([level(first!, {}), ...others]).join(), /no Pod Security level/);
  });
});

import assert from "node:assert/strict";

import { eventsPipeline } from "../../../../render/events/pipeline";
import { planOf } from "../../../../render/plan";
import { settingsFor, type Overrides } from "../../../support/stack";

const pipeline = (alloy: Overrides = {}, more: Overrides = {}) =>
  eventsPipeline(planOf(settingsFor("dev", { ...more, alloy: { events: { enabled: true }, ...alloy } })).alloy.events!);

describe("the pipeline of events", () => {
  it("has two index labels, and the rest in structured metadata", () => {
    const text = pipeline();
    assert.match(text, /stage\.static_labels \{\n {4}values = \{ app = "kubernetes-events" \}/);
    assert.match(text, /values = \["instance", "job"\]/);
    assert.match(
      text,
      /structured_metadata \{\n {4}values = \{ kind = "", name = "", reason = "", type = "", detected_level = "" \}/,
    );
  });

  it("starts to read only once the API server has answered", () => {
    const text = pipeline();
    assert.match(text, /namespaces = \{"\[\]" = \["-"\]\}\[string\.format\("%v", discovery\.kubernetes\.api_server/);
    assert.match(text, /field = "metadata\.name=kubernetes"/);
  });

  it("leaves out the excluded namespaces, and nothing without any", () => {
    assert.doesNotMatch(pipeline(), /selector\s+= "\{namespace=~/);
    assert.match(
      pipeline({ excludeNamespaces: ["kube-system", "a"] }),
      /selector\s+= "\{namespace=~\\"kube-system\|a\\"\}"/,
    );
  });

  it("sends as Alloy does: tenant, login, authority and external labels", () => {
    const text = pipeline(
      { externalLabels: { cluster: "eu-1" } },
      { tenant: "ops", gateway: { authentication: "basic" }, tls: { certificates: "given" } },
    );
    for (const part of [/tenant_id = "ops"/, /basic_auth \{/, /ca_file = "/, /"cluster" = "eu-1",/])
      assert.match(text, part);
  });
});

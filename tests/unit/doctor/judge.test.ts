import assert from "node:assert/strict";
import type { Facts } from "../../../doctor/facts";
import { judge } from "../../../doctor/judge";
import { withHome } from "../../support/faultFacts";
import { at, healthyFacts, readyPod, watched } from "../../support/healthyFacts";

const alloySays = (first: string, later?: string) => (facts: Facts) => ({
  ...facts,
  alloys: [{ ...facts.alloys[0]!, metrics: watched(first, later) }],
});

describe("doctor's judgement", () => {
  it("finds nothing in a healthy stack", () => {
    assert.deepEqual(judge(healthyFacts()), []);
    assert.deepEqual(judge(healthyFacts({ networkPolicies: "false" })), []);
  });

  it("blames a foreign policy only where the stack has none of its own", () => {
    const foreign = withHome("alloy", ({ policies }) => ({
      policies: [...policies!, { metadata: { name: "theirs" }, spec: { podSelector: {}, policyTypes: ["Egress"] } }],
    }));
    assert.deepEqual(judge(foreign(healthyFacts())), []);
    const [found, ...more] = judge(foreign(healthyFacts({ networkPolicies: "false" })));
    assert.match(found!.problem, /NetworkPolicy theirs .* is not the stack's/);
    assert.deepEqual(more, []);
  });

  it("says nothing about what could not be seen", () => {
    const facts = healthyFacts();
    const blind: Facts = {
      ...facts,
      nodes: undefined,
      dnsReady: undefined,
      clusterRole: undefined,
      homes: Object.fromEntries(
        Object.entries(facts.homes).map(([part, { namespace }]) => [
          part,
          { namespace, exists: true, names: {}, logs: new Map() },
        ]),
      ),
      lokis: [{ pod: "loki-0" }],
      alloys: [{ pod: "alloy-0", node: "node-a" }],
      minios: [{ pod: "minio-0" }],
      store: {},
      newest: new Map(),
      volumes: [],
      shown: [],
    };
    assert.deepEqual(judge(blind), []);
  });

  it("does not miss lines of a node whose pods write none", () => {
    const quiet = alloySays('loki_source_file_read_lines_total{path="/a"} 10')(healthyFacts());
    assert.deepEqual(judge({ ...quiet, newest: new Map([["node-a", null]]) }), []);
  });

  it("lets a young pod start", () => {
    const young = withHome("loki", ({ namespace }) => {
      const pod = readyPod(namespace, "loki-0");
      const metadata = { ...pod.metadata, creationTimestamp: new Date(at.getTime() - 5_000) };
      return { pods: [{ ...pod, metadata, status: { phase: "Pending" } }] };
    });
    assert.match(judge(young(healthyFacts()))[0]!.problem, /is starting/);
  });
});

import assert from "node:assert/strict";
import type { Facts } from "../../../doctor/facts";
import type { PodFacts } from "../../../doctor/gather/pod";
import { judge } from "../../../doctor/judge";
import { trailOf, trailText } from "../../../doctor/trail";
import { at, healthyFacts, readyPod, watched } from "../../support/healthyFacts";

const pod = readyPod("shop", "web-0");
pod.metadata!.uid = "1234";
const file = 'path="/var/log/pods/shop_web-0_1234/main/0.log"';
const query = '{namespace="shop"} | pod="web-0"';
const arrived: Partial<PodFacts> = { stored: at, chunks: { known: 2, read: 2 } };
const missing: Partial<PodFacts> = { stored: null };

/** The first hop that fails, in words; undefined if none does. */
function firstFailure(change: Partial<PodFacts>, more: (facts: Facts) => Facts = (facts) => facts) {
  const stack = more({
    ...healthyFacts(),
    alloys: [
      {
        ...healthyFacts().alloys[0]!,
        metrics: watched(`loki_source_file_read_lines_total{${file}} 7\nloki_write_sent_entries_total{tenant="a"} 7`),
      },
    ],
  });
  const facts: PodFacts = {
    namespace: "shop",
    name: "web-0",
    pod,
    others: [],
    namespaceMarks: {},
    written: { at, container: "main" },
    query,
    alloy: stack.alloys[0],
    unseen: [],
    ...change,
  };
  const trail = trailOf({ facts, stack, findings: judge(stack) });
  const failed = trail.filter(({ state }) => state === "fails");
  assert.ok(failed.length <= 1);
  return failed[0] && `${failed[0].hop}: ${failed[0].why?.problem} -> ${[failed[0].why?.remedy].flat().join("; ")}`;
}

describe("the way of a pod's lines", () => {
  it("has no gap where Loki has the newest line", () => {
    assert.equal(firstFailure(arrived), undefined);
  });

  it("finds the folder of a static pod, which is named after a hash of its file", () => {
    const annotations = { "kubernetes.io/config.mirror": "1234" };
    const staticPod = { ...pod, metadata: { ...pod.metadata, uid: "5678", annotations } };
    assert.equal(firstFailure({ ...missing, pod: staticPod }), firstFailure(missing));
    assert.notEqual(
      firstFailure({ ...missing, pod: { ...staticPod, metadata: { ...staticPod.metadata, annotations: {} } } }),
      firstFailure(missing),
    );
  });

  it("names a pod that does not exist, and the one that was meant", () => {
    assert.match(
      firstFailure({ ...missing, pod: null, others: ["web-1", "db-0"] })!,
      /the pod exists: .*did you mean shop\/web-1\?/,
    );
  });

  it("takes the name of a Deployment for that of its pod", () => {
    assert.match(
      firstFailure({ ...missing, name: "web", pod: null, others: ["web-5d8f-x2x"] })!,
      /did you mean shop\/web-5d8f-x2x\?/,
    );
  });

  it("names a container that is not the pod's, or has not started", () => {
    assert.match(
      firstFailure({ ...missing, container: "sidecar" })!,
      /no container sidecar -> its containers are: main/,
    );
    assert.match(
      firstFailure({ ...missing, pod: { ...pod, status: { phase: "Pending" } } })!,
      /no container has started/,
    );
  });

  it("names what leaves the pod out", () => {
    const optedOut = { "logharbor.io/collect": "false" };
    for (const [kind, command] of [
      ["annotations", "annotate"],
      ["labels", "label"],
    ] as const) {
      assert.match(
        firstFailure({ ...missing, pod: { ...pod, metadata: { ...pod.metadata, [kind]: optedOut } } })!,
        new RegExp(`the pod has opted out.*kubectl ${command} pod -n shop `),
      );
      assert.match(
        firstFailure({ ...missing, namespaceMarks: { [kind]: optedOut } })!,
        new RegExp(`namespace shop has opted out.*kubectl ${command} namespace shop `),
      );
    }
    assert.match(
      firstFailure(missing, (facts) => {
        const alloy = { ...facts.settings.alloy, excludeNamespaces: ["shop"] };
        return { ...facts, settings: { ...facts.settings, alloy } };
      })!,
      /namespace shop is excluded/,
    );
    const optIn = (facts: Facts): Facts => {
      const alloy = { ...facts.settings.alloy, collect: "annotated" as const };
      return { ...facts, settings: { ...facts.settings, alloy } };
    };
    assert.match(firstFailure(missing, optIn)!, /neither the pod nor its namespace has opted in/);
    for (const kind of ["annotations", "labels"]) {
      const optedIn = { ...missing, namespaceMarks: { [kind]: { "logharbor.io/collect": "true" } } };
      assert.doesNotMatch(firstFailure(optedIn, optIn) ?? "", /opted in/);
    }
  });

  it("names a pod that writes nothing", () => {
    assert.match(firstFailure({ ...missing, written: null })!, /has written nothing/);
  });

  it("names an Alloy that is away, and why", () => {
    assert.match(firstFailure({ ...missing, alloy: undefined })!, /no Alloy runs on node node-a/);
    assert.match(
      firstFailure(missing, (facts) => ({ ...facts, clusterRole: { role: false, binding: true } }))!,
      /an Alloy works on its node: ClusterRole .* is missing/,
    );
  });

  it("names a file that Alloy does not read", () => {
    const alloy = { ...healthyFacts().alloys[0]!, metrics: watched("a 1") };
    assert.match(firstFailure({ ...missing, alloy })!, /none of the pod's files open/);
  });

  it("names a limit of Alloy", () => {
    const dropped = (count: number) =>
      `loki_source_file_read_lines_total{${file}} 7\n` +
      `loki_process_dropped_lines_by_label_total{label_name="namespace",label_value="shop"} ${count}`;
    const alloy = { ...healthyFacts().alloys[0]!, metrics: watched(dropped(1), dropped(5)) };
    assert.match(firstFailure({ ...missing, alloy })!, /drops lines of namespace shop/);
  });

  it("names pushes that are refused, and a Loki that is away", () => {
    assert.match(
      firstFailure(missing, (facts) => ({ ...facts, logins: { alloy: 401 } }))!,
      /refuses the login/,
    );
    assert.match(
      firstFailure(missing, (facts) => ({ ...facts, lokis: [{ pod: "loki-0", silent: "nothing listens" }] }))!,
      /Loki takes lines: Loki in pod loki-0 is not ready/,
    );
  });

  it("names lines that got lost on the way", () => {
    assert.match(firstFailure(missing)!, /Loki has no line of this pod/);
    assert.match(firstFailure({ stored: new Date(at.getTime() - 60_000) })!, /lacks the newest lines/);
    assert.equal(firstFailure({ stored: new Date(at.getTime() - 5_000) }), undefined);
  });

  it("does not blame what did not keep the newest line from Loki", () => {
    assert.equal(
      firstFailure(arrived, (facts) => ({ ...facts, clusterRole: { role: false, binding: true } })),
      undefined,
    );
  });

  it("ends in MinIO: what keeps a chunk from there fails that hop, though Loki has the line", () => {
    const gone = (facts: Facts): Facts => ({
      ...facts,
      store: { buckets: new Map([["loki-bucket", "NoSuchBucket"]]) },
    });
    assert.match(firstFailure(arrived, gone)!, /MinIO has its chunks: bucket loki-bucket does not exist/);
    assert.equal(firstFailure({ ...arrived, chunks: { known: 0, read: 0 } }), undefined, "it may still be in memory");
  });

  it("does not blame an Alertmanager that is away", () => {
    const away = (facts: Facts): Facts => ({ ...facts, alertmanagers: [{ url: "http://am", silent: "no answer" }] });
    assert.match(firstFailure(missing, away)!, /Loki has no line of this pod/);
  });

  it("tells what became of an Alloy's batches", () => {
    const stack = {
      ...healthyFacts(),
      alloys: [
        {
          ...healthyFacts().alloys[0]!,
          metrics: watched(
            `loki_source_file_read_lines_total{${file}} 7
loki_write_sent_entries_total{tenant="logharbor"} 7
loki_write_batch_retries_total{tenant="logharbor"} 3
loki_write_request_duration_seconds_count{status_code="204"} 5
loki_write_request_duration_seconds_count{status_code="429"} 2
loki_write_dropped_entries_total{reason="line_too_long"} 4`,
          ),
        },
      ],
    };
    const facts: PodFacts = {
      namespace: "shop",
      name: "web-0",
      pod,
      others: [],
      written: { at, container: "main" },
      query,
      alloy: stack.alloys[0],
      unseen: [],
      ...missing,
    };
    const hop = trailOf({ facts, stack, findings: [] }).find((one) => one.hop === "Alloy's pushes reach Loki");
    assert.deepEqual(hop?.evidence, [
      "since it started, alloy-0 has sent 7 lines; 3 batches sent again; answers 204: 5, 429: 2",
      "lines that it dropped, by reason: line_too_long: 4",
    ]);
  });

  it("is shown with what cannot be seen", () => {
    const stack = healthyFacts();
    const blind: PodFacts = {
      namespace: "shop",
      name: "web-0",
      others: [],
      query,
      unseen: ["you may not get pods in shop"],
    };
    const trail = trailOf({ facts: blind, stack, findings: [] });
    assert.ok(trail.every(({ state }) => state === "unknown" || state === "ok" || state === "fails"));
    assert.match(trailText(trail, blind), /\? you may not get pods in shop/);
  });
});

import assert from "node:assert/strict";

import { alloyPipeline } from "../../render/alloyPipeline";
import { settingsFor, type Overrides } from "../support/stack";

const pipelineOf = (overrides: Overrides = {}, profile: "dev" | "prod" = "dev") => alloyPipeline(settingsFor(profile, overrides));

/** The blocks named `rule` and the like, without their braces and indentation. */
const blocks = (text: string, name: string) => [...text.matchAll(new RegExp(`\\n( *)${name} \\{\\n([\\s\\S]*?)\\n\\1\\}`, "g"))].map((match) => (match[2] ?? "").replace(/^ +/gm, "").replace(/ += /g, " = "));

const components = (text: string) => [...text.matchAll(/^([a-z_.]+) "/gm)].map((match) => match[1]);

const dropped = (text: string) => (/label_drop \{\n\s*values = \[(.*)\]/.exec(text)?.[1] ?? "").split(", ").map((name) => JSON.parse(name) as string);

const variants: Record<string, Overrides> = {
  "API server, structured metadata": {},
  "API server, label": { alloy: { podAs: "label" } },
  "files, structured metadata": { alloy: { source: "files" } },
  "files, label": { alloy: { source: "files", podAs: "label" } },
  "namespaces excluded": { alloy: { excludeNamespaces: ["kube-system", "noisy"] } },
  "an old Alloy": { images: { alloy: { tag: "v1.11.3" } } },
};

describe("Alloy's pipeline", () => {
  for (const [name, overrides] of Object.entries(variants)) {
    const text = pipelineOf(overrides);

    it(`${name}: watches the pods of its own node only`, () => {
      assert.deepEqual(blocks(text, "selectors"), ['role = "pod"\nfield = "spec.nodeName=" + sys.env("K8S_NODE_NAME")']);
    });

    it(`${name}: has namespace, pod, container, node and app`, () => {
      const targets = blocks(text, "rule").flatMap((rule) => /target_label = "([a-z]+)"/.exec(rule)?.[1] ?? []);
      assert.deepEqual(targets, ["namespace", "pod", "container", "node", "app"]);
      const kept = targets.filter((label) => !dropped(text).includes(label));
      assert.ok(["namespace", "app", "container", "node"].every((label) => kept.includes(label)));
    });

    it(`${name}: lets pods opt out by annotation`, () => {
      assert.ok(blocks(text, "rule").includes('source_labels = ["__meta_kubernetes_pod_annotation_logharbor_io_collect"]\nregex = "false"\naction = "drop"'));
    });

    it(`${name}: never gives a batch up while Loki is away, and sends none again that one stream made it refuse`, () => {
      const endpoint = blocks(text, "endpoint").join();
      assert.match(endpoint, /^max_backoff_retries = 0$/m);
      assert.match(endpoint, /^retry_on_http_429 = false$/m);
      assert.match(endpoint, /^url = "http:\/\/loki\.logharbor-loki\.svc:3100\/loki\/api\/v1\/push"$/m);
      assert.match(endpoint, /^tenant_id = "logharbor"$/m);
    });

    it(`${name}: is in one chain, with balanced braces and without the chart's templates`, () => {
      const source = /source = "files"/.test(text) || text.includes("loki.source.file ") ? ["local.file_match", "loki.source.file"] : ["loki.source.kubernetes"];
      assert.deepEqual(components(text), ["discovery.kubernetes", "discovery.relabel", ...source, "loki.process", "loki.write"]);
      assert.equal(text.split("{").length, text.split("}").length);
      assert.ok(!text.includes("{{") && !text.includes("undefined"));
      assert.ok(!/\n{3,}/.test(text), "no double blank lines");
    });
  }

  it("reads files by the kubelet's format, the API server without", () => {
    const files = pipelineOf({ alloy: { source: "files" } });
    assert.ok(files.includes("stage.cri { }") && files.includes('replacement   = "/var/log/pods/*$1/*.log"'));
    assert.ok(!pipelineOf().includes("stage.cri") && !pipelineOf().includes("/var/log"));
  });

  it("has the pod's name as structured metadata, or as a label, but never as both", () => {
    const metadata = pipelineOf({ alloy: { podAs: "structured-metadata" } });
    assert.ok(metadata.includes('stage.structured_metadata {\n    values = { pod = "" }') && dropped(metadata).includes("pod"));
    const label = pipelineOf({ alloy: { podAs: "label" } });
    assert.ok(!label.includes("structured_metadata") && !dropped(label).includes("pod"));
  });

  it("drops the labels by which a source would open a stream a pod", () => {
    for (const overrides of Object.values(variants)) assert.ok(["filename", "instance", "job"].every((label) => dropped(pipelineOf(overrides)).includes(label)));
  });

  it("lets namespaces opt out where Alloy knows their annotations", () => {
    const known = (tag: string) => pipelineOf({ images: { alloy: { tag } } }).includes("__meta_kubernetes_namespace_annotation_logharbor_io_collect");
    const expected: Record<string, boolean> = { "v1.18.1": true, "v1.12.0": true, "v1.11.9": false, "1.11.0": false, "v2.0.0": true, "v1.9.0": false, "latest": true };
    for (const [tag, knows] of Object.entries(expected)) {
      assert.equal(known(tag), knows, tag);
      assert.equal(pipelineOf({ images: { alloy: { tag } } }).includes("attach_metadata"), knows, tag);
    }
  });

  it("leaves out the namespaces that are named, whole", () => {
    const rule = (names: string[]) => blocks(pipelineOf({ alloy: { excludeNamespaces: names } }), "rule").filter((text) => text.startsWith('source_labels = ["__meta_kubernetes_namespace"]') && text.includes("drop"));
    assert.deepEqual(rule(["kube-system", "noisy"]), ['source_labels = ["__meta_kubernetes_namespace"]\nregex = "kube-system|noisy"\naction = "drop"']);
    assert.deepEqual(rule([]), []);
  });

  it("drops what a namespace or an app writes beyond its limit, where there is one", () => {
    const chain = (limits: Record<string, number>) => {
      const text = pipelineOf({ alloy: { limits } });
      return { text, stages: blocks(text, "stage.limit"), names: components(text).slice(-4) };
    };
    const both = chain({ namespaceLinesPerSecond: 700, appLinesPerSecond: 30 });
    assert.deepEqual(both.names, ["loki.process", "loki.relabel", "loki.process", "loki.write"]);
    assert.deepEqual(both.stages, ['by_label_name = "namespace"\nrate = 700\nburst = 7000\ndrop = true', 'by_label_name = "namespace_app"\nrate = 30\nburst = 300\ndrop = true']);
    const next = [...both.text.matchAll(/^(\S+) "(\S+)" \{\n(?:[^}]*?)forward_to = \[(\S+)\.receiver\]/gm)].map((match) => match.slice(1).join(" ")).slice(-3);
    assert.deepEqual(next, ["loki.process pods loki.relabel.limits", "loki.relabel limits loki.process.limits", "loki.process limits loki.write.loki"]);
    assert.ok(both.text.includes('label_drop {\n    values = ["namespace_app"]'), "no label of ours reaches Loki");
    assert.equal(chain({ appLinesPerSecond: 30 }).stages.length, 1);
    assert.deepEqual([chain({}).stages, chain({}).names.at(-2)], [[], "loki.process"]);
  });

  it("quotes the tenant", () => {
    assert.ok(pipelineOf({ tenant: "team-a's!(logs)" }).includes(`tenant_id = "team-a's!(logs)"`));
  });

  it("pushes to the gateway where Loki has one", () => {
    assert.ok(pipelineOf({ namespaces: { loki: "logs" } }, "prod").includes('"http://loki-gateway.logs.svc:80/loki/api/v1/push"'));
  });
});

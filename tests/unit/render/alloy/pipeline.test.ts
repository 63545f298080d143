import assert from "node:assert/strict";

import { outlineOf } from "../../../../domain/alloySyntax";
import { attachments } from "../../../../domain/pipeline";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { settingsFor, type Overrides } from "../../../support/stack";
import { planOf } from "../../../../render/plan";

/** The pipeline without masks, which have a test of their own. */
const pipelineOf = ({ alloy, ...overrides }: Overrides = {}, profile: "dev" | "prod" = "dev") =>
  alloyPipeline(
    planOf(settingsFor(profile, { ...overrides, alloy: { mask: { presets: [] }, ...(alloy as Overrides) } })).alloy,
  );

/** The blocks named `rule` and the like, without their braces and indentation. */
const blocks = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`\\n( *)${name} \\{\\n([\\s\\S]*?)\\n\\1\\}`, "g"))].map((match) =>
    (match[2] ?? "").replace(/^ +/gm, "").replace(/ += /g, " = "),
  );

const components = (text: string) => [...text.matchAll(/^([a-z0-9_.]+) "/gm)].map((match) => match[1]);

const dropped = (text: string) =>
  ([...text.matchAll(/label_drop \{\n\s*values = \[(.*)\]/g)].at(-1)?.[1] ?? "")
    .split(", ")
    .map((name) => JSON.parse(name) as string);

const alwaysDropped = (text: string) =>
  [...text.matchAll(/label_drop \{\n\s*values = \[(.*)\]/g)].flatMap(
    (match) => JSON.parse(`[${match[1]}]`) as string[],
  );

const api = { source: "kubernetes-api" } as const;

const variants: Record<string, Overrides> = {
  "API server, structured metadata": { alloy: api },
  "API server, label": { alloy: { ...api, podAs: "label" } },
  "files, structured metadata": {},
  "files, label": { alloy: { podAs: "label" } },
  "API server, namespaces excluded": { alloy: { ...api, excludeNamespaces: ["kube-system", "noisy"] } },
  "files, namespaces excluded": { alloy: { excludeNamespaces: ["kube-system", "noisy"] } },
  "API server, an old Alloy": { alloy: api, images: { alloy: { tag: "v1.11.3" } } },
};

/** The components of each source, in the order in which lines pass them. */
const chains = {
  "kubernetes-api": [
    "discovery.kubernetes",
    "discovery.relabel",
    "loki.source.kubernetes",
    "loki.process",
    "loki.process",
  ],
  files: [
    "loki.source.file",
    "loki.process",
    "otelcol.receiver.loki",
    "otelcol.processor.attributes",
    "otelcol.processor.groupbyattrs",
    "otelcol.processor.k8sattributes",
    "otelcol.exporter.loki",
    "loki.process",
    "loki.process",
  ],
};

describe("Alloy's pipeline", () => {
  for (const [name, overrides] of Object.entries(variants)) {
    const text = pipelineOf(overrides);

    const files = text.includes("loki.source.file ");

    it(`${name}: watches the pods of its own node only`, () => {
      const filters = files ? blocks(text, "filter") : blocks(text, "selectors");
      assert.deepEqual(filters, [
        files ? 'node = sys.env("K8S_NODE_NAME")' : 'role = "pod"\nfield = "spec.nodeName=" + sys.env("K8S_NODE_NAME")',
      ]);
    });

    it(`${name}: never gives a batch up while Loki is away, and sends none again that one stream made it refuse`, () => {
      const endpoint = blocks(text, "endpoint").join();
      assert.match(endpoint, /^max_backoff_retries = 0$/m);
      assert.match(endpoint, /^retry_on_http_429 = false$/m);
      assert.match(endpoint, /^url = "http:\/\/loki\.logharbor-loki\.svc:3100\/loki\/api\/v1\/push"$/m);
      assert.match(endpoint, /^tenant_id = "logharbor"$/m);
    });

    it(`${name}: is in one chain, with balanced braces and without the chart's templates`, () => {
      assert.deepEqual(components(text), [...chains[files ? "files" : "kubernetes-api"], "loki.write"]);
      assert.equal(text.split("{").length, text.split("}").length);
      assert.ok(!text.includes("{{") && !text.includes("undefined"));
      assert.ok(!/\n{3,}/.test(text), "no double blank lines");
    });
  }

  for (const [name, overrides] of Object.entries(variants).filter(([title]) => title.startsWith("API"))) {
    const text = pipelineOf(overrides);

    it(`${name}: has namespace, pod, container, node and app`, () => {
      const targets = blocks(text, "rule").flatMap((rule) => /target_label = "([a-z]+)"/.exec(rule)?.[1] ?? []);
      assert.deepEqual(targets, ["namespace", "pod", "container", "node", "app"]);
      assert.ok(["namespace", "app", "container", "node"].every((label) => !dropped(text).includes(label)));
    });

    it(`${name}: lets pods opt out by annotation and by label`, () => {
      for (const kind of ["annotation", "label"])
        assert.ok(
          blocks(text, "rule").includes(
            `source_labels = ["__meta_kubernetes_pod_${kind}_logharbor_io_collect"]\nregex = "false"\naction = "drop"`,
          ),
        );
    });

    it(`${name}: asks for the lines of no container that has not started`, () => {
      assert.ok(
        blocks(text, "rule").includes(
          'source_labels = ["__meta_kubernetes_pod_container_id"]\nregex = ""\naction = "drop"',
        ),
      );
    });
  }

  for (const [name, overrides] of Object.entries(variants).filter(([title]) => title.startsWith("files"))) {
    const text = pipelineOf(overrides);

    it(`${name}: opens every log of the node within a second, whether its pod is known or not`, () => {
      assert.deepEqual(blocks(text, "file_match"), ['enabled     = true\nsync_period = "500ms"'.replace(/ +=/g, " =")]);
      assert.match(text, /__path__ = "\/var\/log\/pods\/\*\/\*\/\*\.log"/);
      assert.ok(!text.includes("discovery."));
    });

    it(`${name}: reads namespace, pod and container from the path`, () => {
      const expression = JSON.parse(/expression = (".*")/.exec(text)?.[1] ?? "") as string;
      const { groups } =
        new RegExp(expression.replaceAll("(?P<", "(?<")).exec(
          "/var/log/pods/team-a_web-6d4f.x_1f0c-aa/side.car/3.log",
        ) ?? {};
      assert.deepEqual({ ...groups }, { namespace: "team-a", pod: "web-6d4f.x", container: "side.car" });
      assert.match(text, /stage\.labels \{\n\s+values = \{ namespace = "", pod = "", container = "" \}/);
    });

    it(`${name}: joins app and the opt-outs, waits for the watch, and leaves out no pod for its name`, () => {
      const extracted = [...blocks(text, "label"), ...blocks(text, "annotation")].map((block) =>
        block
          .replace(/\w+ = /g, "")
          .replaceAll('"', "")
          .split("\n")
          .join(" "),
      );
      assert.deepEqual(extracted, [
        "k8s-app pod app",
        "app pod app",
        "app.kubernetes.io/name pod app",
        // Labels come before annotations here.
        "logharbor.io/collect pod pod_label_collect",
        "logharbor.io/collect namespace namespace_label_collect",
        "logharbor.io/collect pod pod_annotation_collect",
        "logharbor.io/collect namespace namespace_annotation_collect",
      ]);
      assert.match(text, /wait_for_metadata += true\n/);
      assert.match(text, /exclude \{\n\s+pod \{\n\s+name = "\^\$"/);
    });

    it(`${name}: stores no line of a pod that has opted out, or may have, and counts each with its reason`, () => {
      const drops = blocks(text, "stage.drop");
      assert.deepEqual(
        drops,
        ["pod_annotation", "pod_label", "namespace_annotation", "namespace_label"].map(
          (where) => `source = "${where}_collect"\nvalue = "false"\ndrop_counter_reason = "opted_out"`,
        ),
      );
      assert.deepEqual(blocks(text, "stage.match"), [
        'selector = "{k8s_pod_uid=\\"\\"}"\naction = "drop"\ndrop_counter_reason = "unknown_pod"',
      ]);
    });
  }

  it("reads files by the kubelet's format, the API server without", () => {
    assert.ok(pipelineOf().includes("stage.cri { }") && !pipelineOf().includes("(?P<line>"));
    const text = pipelineOf({ alloy: api });
    assert.ok(!text.includes("stage.cri") && !text.includes("/var/log") && text.includes("(?P<line>"));
  });

  it("has the pod's name as structured metadata, or as a label, but never as both", () => {
    const metadata = pipelineOf({ alloy: { podAs: "structured-metadata" } });
    assert.ok(
      metadata.includes('stage.structured_metadata {\n    values = { pod = "", stream = "" }') &&
        dropped(metadata).includes("pod"),
    );
    const label = pipelineOf({ alloy: { podAs: "label" } });
    assert.ok(label.includes('values = { stream = "" }') && !dropped(label).includes("pod"));
  });

  it("drops the labels by which a source would open a stream a pod", () => {
    for (const overrides of Object.values(variants))
      assert.ok(
        [
          overrides.alloy === api || JSON.stringify(overrides).includes("kubernetes-api") ? "instance" : "filename",
          "job",
        ].every((label) => alwaysDropped(pipelineOf(overrides)).includes(label)),
      );
  });

  it("lets namespaces opt out where Alloy knows their annotations", () => {
    // A tag that moves needs a digest.
    const digest = `sha256:${"0".repeat(64)}`;
    const pipelineFor = (tag: string) => pipelineOf({ alloy: api, images: { alloy: { tag, digest } } });
    const known = (tag: string) =>
      pipelineFor(tag).includes("__meta_kubernetes_namespace_annotation_logharbor_io_collect");
    const expected: Record<string, boolean> = {
      "v1.18.1": true,
      "v1.12.0": true,
      "v1.11.9": false,
      "1.11.0": false,
      "v2.0.0": true,
      "v1.9.0": false,
      custom: true,
    };
    for (const [tag, knows] of Object.entries(expected)) {
      assert.equal(known(tag), knows, tag);
      assert.equal(pipelineFor(tag).includes("attach_metadata"), knows, tag);
    }
  });

  it("leaves out the namespaces that are named, whole", () => {
    const rule = (names: string[]) =>
      blocks(pipelineOf({ alloy: { ...api, excludeNamespaces: names } }), "rule").filter(
        (text) => text.startsWith('source_labels = ["__meta_kubernetes_namespace"]') && text.includes("drop"),
      );
    assert.deepEqual(rule(["kube-system", "noisy"]), [
      'source_labels = ["__meta_kubernetes_namespace"]\nregex = "kube-system|noisy"\naction = "drop"',
    ]);
    assert.deepEqual(rule([]), []);
    assert.ok(
      pipelineOf({ alloy: { excludeNamespaces: ["kube-system", "noisy"] } }).includes(
        '__path_exclude__ = "/var/log/pods/{kube-system,noisy}_*/*/*.log"',
      ),
    );
    assert.ok(!pipelineOf().includes("__path_exclude__"));
  });

  it("drops what a namespace or an app writes beyond its limit, where there is one", () => {
    const chain = (limits: Record<string, number>) => {
      const text = pipelineOf({ alloy: { limits } });
      return { text, stages: blocks(text, "stage.limit"), names: components(text).slice(-4) };
    };
    const both = chain({ namespaceLinesPerSecond: 700, appLinesPerSecond: 30 });
    assert.deepEqual(both.names, ["loki.process", "loki.relabel", "loki.process", "loki.write"]);
    assert.deepEqual(both.stages, [
      'by_label_name = "namespace"\nrate = 700\nburst = 7000\ndrop = true',
      'by_label_name = "namespace_app"\nrate = 30\nburst = 300\ndrop = true',
    ]);
    const next = [...both.text.matchAll(/^(\S+) "(\S+)" \{\n(?:[^}]*?)forward_to = \[(\S+)\.receiver\]/gm)]
      .map((match) => match.slice(1).join(" "))
      .slice(-3);
    assert.deepEqual(next, [
      "loki.process pods loki.relabel.limits",
      "loki.relabel limits loki.process.limits",
      "loki.process limits loki.write.loki",
    ]);
    assert.ok(both.text.includes('label_drop {\n    values = ["namespace_app"]'), "no label of ours reaches Loki");
    assert.equal(chain({ appLinesPerSecond: 30 }).stages.length, 1);
    assert.deepEqual([chain({}).stages, chain({}).names.at(-2)], [[], "loki.process"]);
  });

  it("lets every line of a pod pass the stack's own component, before it gets its final labels", () => {
    const own = 'loki.process "mine" {\n  forward_to = [loki.process.pods.receiver]\n}';
    for (const source of ["files", "kubernetes-api"]) {
      const pipeline = { components: own, process: "loki.process.mine" };
      const text = pipelineOf({ alloy: { source, pipeline, limits: { appLinesPerSecond: 30 } } });
      const last = source === "files" ? "joined" : "lines";
      assert.match(
        text,
        new RegExp(`loki\\.process "${last}" \\{\\n {2}forward_to = \\[loki\\.process\\.mine\\.receiver\\]`),
      );
      assert.equal(text.split("loki.process.pods.receiver").length, 2, "nothing goes around it");
      assert.ok(text.includes(own));
      const without = pipelineOf({ alloy: { source, pipeline: { components: own } } });
      assert.match(
        without,
        new RegExp(`loki\\.process "${last}" \\{\\n {2}forward_to = \\[loki\\.process\\.pods\\.receiver\\]`),
      );
    }
    for (const name of Object.values(attachments)) assert.ok(outlineOf(pipelineOf()).components.includes(name), name);
  });

  it("quotes the tenant", () => {
    assert.ok(pipelineOf({ tenant: "team-a's!(logs)" }).includes(`tenant_id = "team-a's!(logs)"`));
  });

  it("pushes to the gateway where Loki has one", () => {
    assert.ok(
      pipelineOf({ namespaces: { loki: "logs" } }, "prod").includes(
        '"http://loki-gateway.logs.svc:80/loki/api/v1/push"',
      ),
    );
  });
});

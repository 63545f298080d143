import assert from "node:assert/strict";
import { finds } from "../../../../domain/regularExpression";
import {
  tracePresetNames,
  tracePresets,
  type TracePreset,
  type TracePresetName,
} from "../../../../domain/tracePresets";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { planOf } from "../../../../render/plan";
import { settingsFor, type Overrides } from "../../../support/stack";
import { containerEntries, isBare, traces } from "../../../support/traces";

const pipelineOf = (alloy: Overrides) => alloyPipeline(planOf(settingsFor("dev", { alloy })).alloy);

/** Joins lines as `stage.multiline` does, where an entry is all that follows its first line without a pause. */
function joined(entries: readonly string[], belongs: string): string[] {
  return entries.reduce<string[]>(
    (all, entry) =>
      all.length > 0 && finds(`^(?:${belongs})`, entry)
        ? [...all.slice(0, -1), `${all.at(-1)}\n${entry}`]
        : [...all, entry],
    [],
  );
}

function entriesOf(name: TracePresetName, text: string): string[] {
  const { header, continuation, blankLines }: TracePreset = tracePresets[name];
  const lines = text.split("\n");
  return joined(
    header === undefined ? lines : joined(lines, header),
    blankLines === true ? `$|${continuation}` : continuation,
  );
}

describe("entries of several lines", () => {
  for (const name of tracePresetNames) {
    it(`${name}: thirty traces are one entry each, and lines between them stay alone`, () => {
      assert.equal(traces[name].length, 30);
      assert.deepEqual(entriesOf(name, containerEntries[name].join("\n")), containerEntries[name]);
      for (const text of traces[name].filter((trace) => isBare(name, trace)))
        assert.deepEqual(entriesOf(name, text), [text]);
    });
  }

  it("change nothing in the pipeline of a stack that joins none", () => {
    assert.ok(!/multiline|log = /.test(pipelineOf({})));
  });

  it("are joined before the labels that tell containers, streams and runs apart are dropped", () => {
    const text = pipelineOf({ multiline: { rules: [{ namespace: "shop", preset: "java" }] } });
    const places = [
      "stage.multiline",
      "stage.structured_metadata",
      'stage.label_drop {\n    values = ["instance"',
      "<masked:",
    ];
    const found = places.map((place) => text.indexOf(place));
    assert.ok(
      found.every((place) => place > 0),
      String(found),
    );
    assert.deepEqual(
      found,
      [...found].sort((a, b) => a - b),
    );
    assert.match(text, /values = \{ namespace = "", pod = "", container = "", log = "filename" \}/);
    assert.match(text, /values = \["instance", "job", "log", "multiline", "pod", "stream"\]/);
  });

  it("follow the annotation first, then the first rule that fits", () => {
    const text = pipelineOf({
      multiline: {
        annotation: true,
        rules: [
          { namespace: "a", preset: "go" },
          { app: "b", container: "c", firstLine: "^x" },
        ],
      },
    });
    const selectors = [...text.matchAll(/selector = "\{(multiline=.*)\}"/g)].map((match) =>
      match[1]!.replaceAll("\\", ""),
    );
    assert.deepEqual(selectors, [
      'multiline="", namespace="a"',
      'multiline="", app="b", container="c"',
      ...tracePresetNames.map((name) => `multiline="${name}"`),
      'multiline="rule-1"',
    ]);
    assert.match(text, /value {2}= "app,[a-z_,]+,namespace_label_collect,multiline,k8s\.pod\.uid"/);
    assert.match(text, /key {6}= "logharbor\.io\/multiline"\n +from {5}= "pod"/);
  });

  it("have a whole line each from the API server before they are joined", () => {
    const text = pipelineOf({ source: "kubernetes-api", multiline: { annotation: true } });
    assert.ok(text.indexOf("stage.output") < text.indexOf("stage.multiline"));
    assert.match(text, /__meta_kubernetes_pod_annotation_logharbor_io_multiline/);
  });
});

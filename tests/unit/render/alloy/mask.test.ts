import assert from "node:assert/strict";
import { finds, groupsIn } from "../../../../domain/regularExpression";
import { secretKindNames, secretKinds, type SecretForm } from "../../../../domain/secretKinds";
import { maskStages } from "../../../../render/alloy/mask";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { alloyValues } from "../../../../render/alloy/values";
import { planOf } from "../../../../render/plan";
import { harmlessLines } from "../../../support/harmlessLines";
import { secretSamples } from "../../../support/secretSamples";
import { settingsFor } from "../../../support/stack";

const stagesOf = (mask: object) => maskStages(planOf(settingsFor("dev", { alloy: { mask } })).alloy);

describe("masks of secrets", () => {
  const forms = secretKindNames.flatMap((name): SecretForm[] => [...secretKinds[name]]);

  it("find each secret in one group", () => {
    for (const { expressions } of forms)
      for (const expression of expressions) assert.equal(groupsIn(expression), 1, expression);
  });

  it("are for every line, also those of files and events without a namespace", () => {
    const selectors = [...stagesOf({}).matchAll(/selector = (".*")/g)].map(([, text]) => JSON.parse(text!) as string);
    assert.ok(selectors.length > secretKindNames.length);
    for (const selector of selectors) assert.ok(selector.startsWith('{__none__=""} |~ '), selector);
  });

  it("search no line further that the hint does not match", () => {
    for (const { kind, line } of secretSamples) {
      const found = secretKinds[kind].some(
        ({ hint, expressions }: SecretForm) =>
          finds(hint, line) && expressions.some((expression) => finds(expression, line)),
      );
      assert.ok(found, `${kind}: ${line}`);
    }
  });

  it("have samples of every kind, a hundred in all, and a thousand harmless lines", () => {
    assert.deepEqual([...new Set(secretSamples.map(({ kind }) => kind))].sort(), [...secretKindNames].sort());
    assert.deepEqual([secretSamples.length, harmlessLines.length], [100, 1000]);
  });

  it("leave harmless lines alone; a number of a card's shape is judged by its check digit, in Alloy", () => {
    const changing = forms.filter(({ checkDigit }) => checkDigit !== true);
    const changed = harmlessLines.filter((line) =>
      changing.some(
        ({ hint, expressions }) => finds(hint, line) && expressions.some((expression) => finds(expression, line)),
      ),
    );
    assert.deepEqual(changed, []);
  });

  it("are none where nothing is to be masked, and otherwise count their lines once", () => {
    assert.equal(stagesOf({ presets: [] }), "");
    assert.equal(stagesOf({}).split("metric.counter").length, 2);
  });

  it("come after the labels that would open a series a pod are gone", () => {
    const text = alloyPipeline(planOf(settingsFor("dev")).alloy);
    assert.ok(text.lastIndexOf("stage.label_drop") < text.indexOf("stage.replace"));
    assert.ok(text.indexOf("stage.replace") < text.indexOf('loki.write "loki"'));
  });

  it("pass the chart, which reads the pipeline as a template", () => {
    const spec = planOf(settingsFor("dev")).alloy;
    const { alloy } = alloyValues(spec) as { alloy: { configMap: { content: string } } };
    assert.ok(alloyPipeline(spec).includes("{{ .Value }}"));
    assert.equal(alloy.configMap.content.replaceAll("{{`{{`}}", "{{"), alloyPipeline(spec));
  });

  it("of one's own replace the groups, or all if there is none", () => {
    const stages = stagesOf({
      presets: [],
      patterns: [
        { name: "customer", expression: "customer=([0-9]{8})" },
        { name: "pin", expression: "pin [0-9]{4}" },
      ],
    });
    assert.deepEqual(
      [...stages.matchAll(/expression = (.*)\n\s+replace {4}= (.*)/g)].map(([, expression, mask]) => [
        expression,
        mask,
      ]),
      [
        ['"customer=([0-9]{8})"', '"<masked:customer>"'],
        ['"(pin [0-9]{4})"', '"<masked:pin>"'],
      ],
    );
  });
});

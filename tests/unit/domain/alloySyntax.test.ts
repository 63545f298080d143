import assert from "node:assert/strict";

import { outlineOf } from "../../../domain/alloySyntax";

describe("Alloy's syntax", () => {
  it("is read as components, and the receivers that they use", () => {
    const text = `logging {
  level = "info"
}

// loki.process "commented" {
/* loki.process "also" { */
loki.process "mine" {
  forward_to = [loki.write.loki.receiver, loki.process.pods.receiver]

  stage.template {
    template = "{{ .Value }} \\" loki.process.quoted.receiver"
  }
  stage.regex {
    expression = \`{"(\`
  }
}
otelcol.receiver.loki "x" { output { logs = [otelcol.exporter.loki.y.input] } }
`;
    assert.deepEqual(outlineOf(text), {
      components: ["logging", "loki.process.mine", "otelcol.receiver.loki.x"],
      receivers: ["loki.write.loki", "loki.process.pods", "otelcol.exporter.loki.y"],
    });
  });

  const faults: [text: string, fault: string][] = [
    ['a.b "c" {', "line 1: { is not closed"],
    ['a.b "c" {\n  x = [1\n}', "line 3: } closes nothing"],
    ["\n}", "line 2: } closes nothing"],
    ['a.b "c" {\n  x = "y\n}', "line 2: a string is not closed"],
    ["a.b {\n  x = `y\n}", "line 2: a string is not closed"],
    ["/* a", "line 1: a comment is not closed"],
    ["a = 1", 'line 1: "a" begins no component'],
    ['a.b "c" "d" { }', 'line 1: "a.b "c" "d"{" begins no component'],
    ["a.b { } stray", 'line 1: "stray" begins no component'],
  ];
  for (const [text, fault] of faults)
    it(`has a fault in ${JSON.stringify(text)}`, () => assert.equal(outlineOf(text).fault, fault));
});

import { groupsIn } from "../../domain/regularExpression";
import { secretKinds, type SecretForm } from "../../domain/secretKinds";
import type { AlloySpec } from "./spec";
import { quote, withLine } from "./syntax";

/** What stands for a secret of a kind. */
export const maskOf = (kind: string) => `<masked:${kind}>`;

/**
 * Stages that replace secrets in lines, before they leave the node. A line that may hold none passes filters and no
 * more. Empty if nothing is masked. Alloy syntax.
 */
export function maskStages({ mask }: Pick<AlloySpec, "mask">): string {
  const presets = mask.presets.flatMap((name) => secretKinds[name].map((form: SecretForm) => maskForm(name, form)));
  const own = mask.patterns.map(({ name, expression }) =>
    maskForm(name, { hint: expression, expressions: [groupsIn(expression) > 0 ? expression : `(${expression})`] }),
  );
  const all = [...presets, ...own];
  return all.length === 0 ? "" : [...all, count].join("");
}

function maskForm(name: string, { hint, expressions, checkDigit = false }: SecretForm): string {
  const mask = checkDigit ? ifChecked(maskOf(name)) : maskOf(name);
  const replacements = expressions.map(
    (expression) => `
    stage.replace {
      expression = ${quote(expression)}
      replace    = ${quote(mask)}
    }
`,
  );
  return `
  stage.match {
    selector = ${withLine("|~", hint)}
${replacements.join("")}  }
`;
}

/** Without a line for a day, a counter begins again at 0; by default after five minutes. */
const count = `
  stage.match {
    selector = ${withLine("|=", maskOf("").slice(0, -1))}

    stage.metrics {
      metric.counter {
        name              = "masked_lines_total"
        prefix            = "logharbor_"
        description       = "Lines in which something was masked."
        action            = "inc"
        match_all         = true
        max_idle_duration = "24h"
      }
    }
  }
`;

/**
 * Template that yields the mask for a number with a valid check digit (Luhn), and the number itself for any other. A
 * tenth of all numbers has one: `stage.luhn` would also change ids and times beside a card.
 */
function ifChecked(mask: string): string {
  return [
    `{{ $sum := 0 }}{{ range $i, $c := reverse (splitList "" (regexReplaceAll "[ -]" .Value "")) }}`,
    `{{ $n := atoi $c }}{{ if eq (mod $i 2) 1 }}{{ $n = mul $n 2 }}{{ end }}`,
    `{{ if gt $n 9 }}{{ $n = sub $n 9 }}{{ end }}{{ $sum = add $sum $n }}{{ end }}`,
    `{{ if eq (mod $sum 10) 0 }}${mask}{{ else }}{{ .Value }}{{ end }}`,
  ].join("");
}

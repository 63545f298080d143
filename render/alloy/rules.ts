import { levelExpression } from "../../domain/levels";
import type { AlloySpec } from "./spec";
import { quote, selecting } from "./syntax";

/** Label with the name of the rule that fits a line, until the rule has been followed. */
const ruleLabel = "rule";

/** Stages that keep, drop or thin out lines. The first rule that fits counts. Empty without rules. Alloy syntax. */
export function ruleStages({ rules }: Pick<AlloySpec, "rules">): string {
  if (rules.length === 0) return "";
  return [...rules.map(assigned), ...rules.map(followed), dropLabel].join("");
}

type LineRule = AlloySpec["rules"][number];

function assigned({ name, namespace, app, container, level, pattern }: LineRule): string {
  const filters = [level === undefined ? undefined : levelExpression(level), pattern];
  return `
  stage.match {
    selector = ${selecting({ [ruleLabel]: "", namespace, app, container }, filters)}

    stage.static_labels {
      values = { ${ruleLabel} = ${quote(name)} }
    }
  }
`;
}

function followed({ name, action, percent = 100 }: LineRule): string {
  const selector = selecting({ [ruleLabel]: name });
  const reason = quote(`rule_${name}`);
  if (action === "keep") return "";
  if (action === "drop")
    return `
  stage.match {
    selector            = ${selector}
    action              = "drop"
    drop_counter_reason = ${reason}
  }
`;
  return `
  stage.match {
    selector = ${selector}

    stage.sampling {
      rate                = ${percent / 100}
      drop_counter_reason = ${reason}
    }
  }
`;
}

const dropLabel = `
  stage.label_drop {
    values = [${quote(ruleLabel)}]
  }
`;

import type { AlloySpec } from "./spec";
import { selecting } from "./syntax";

/**
 * Stages that copy fields of a line into its structured metadata; the line stays as it is. They come after the masks,
 * so that no secret gets there. Empty without fields. Alloy syntax.
 */
export function fieldStages({ fields }: Pick<AlloySpec, "fields">): string {
  if (fields.length === 0) return "";
  const values = fields.map((name) => `${name} = ""`).join(", ");
  return `
  stage.match {
    selector = ${selecting({}, ["^\\s*\\{"])}

    stage.json {
      expressions = { ${values} }
    }
  }

  stage.match {
    selector = ${selecting({}, [`(?:^|\\s)(?:${fields.join("|")})=`, "^\\s*[^{\\s]"])}

    stage.logfmt {
      mapping = { ${values} }
    }
  }

  stage.structured_metadata {
    values = { ${values} }
  }
`;
}

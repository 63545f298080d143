import type { Settings } from "../../config/settings";
import { outlineOf } from "../../domain/alloySyntax";
import { attachments } from "../../domain/pipeline";
import { plaintextCredentials } from "../../domain/plaintext";
import type { SettingProblem } from "../../domain/problem";
import { alloyPipeline } from "./pipeline";
import type { AlloySpec } from "./spec";

/* Further components, which a stack adds to Alloy's pipeline. */

const key = "alloy.pipeline.components";

/**
 * What is wrong with further components, as far as it can be said without Alloy.
 * @param spec what the rest of the pipeline is made from
 */
export function pipelineProblems(spec: AlloySpec, pipeline: Settings["alloy"]["pipeline"]): SettingProblem[] {
  const { components = "", process } = pipeline;
  const { components: names, fault, receivers } = outlineOf(components);
  if (fault !== undefined)
    return [{ key, problem: `is not in Alloy's syntax: ${fault}`, remedy: "check it with `alloy validate`" }];
  const own = components.trim() === "" ? [] : outlineOf(alloyPipeline({ ...spec, pipeline: {} })).components;
  return [
    ...repeated(names).map((name) => problem(`has two components ${name}`, "give each its own label")),
    ...names
      .filter((name) => own.includes(name))
      .map((name) => problem(`has a component ${name}, which the platform has too`, "choose another label")),
    ...receivers
      .filter((name) => !names.includes(name) && !Object.values<string>(attachments).includes(name))
      .map((name) =>
        own.includes(name)
          ? problem(`sends lines to ${name}, which may change with the platform`, `send them to ${either}`)
          : problem(`sends lines to ${name}, which does not exist`, `add it, or send them to ${either}`),
      ),
    ...plaintextCredentials({ components }).map(() =>
      problem(
        "holds a credential in plain text",
        'keep it in a Secret, name that in alloy.envFromSecrets, and write sys.env("VARIABLE")',
      ),
    ),
    ...(process === undefined ? [] : processProblems(process, { names, receivers })),
  ];
}

const either = Object.values(attachments)
  .map((name) => `${name}.receiver`)
  .join(" or ");

function problem(text: string, remedy: string): SettingProblem {
  return { key, problem: text, remedy };
}

function processProblems(
  process: string,
  { names, receivers }: { names: readonly string[]; receivers: readonly string[] },
): SettingProblem[] {
  const at = "alloy.pipeline.process";
  if (!names.includes(process)) {
    const known = names.length === 0 ? "it" : `it, or name one of ${names.join(", ")}`;
    return [{ key: at, problem: `is ${process}, which ${key} does not have`, remedy: `add ${known}` }];
  }
  if (receivers.includes(attachments.pods)) return [];
  return [
    {
      key: at,
      problem: `is ${process}, but no component sends lines to ${attachments.pods}: no line of a pod would reach Loki`,
      remedy: `let it forward to ${attachments.pods}.receiver`,
    },
  ];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

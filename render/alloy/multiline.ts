import { tracePresetNames, tracePresets, type TracePreset } from "../../domain/tracePresets";
import { alloyFindsFiles, isOlder, versionOf } from "../../domain/version";
import type { AlloySpec } from "./spec";
import { quote, selecting } from "./syntax";

/** Annotation with which a pod names the preset for its lines, such as `java`. */
export const multilineAnnotation = "logharbor.io/multiline";

/**
 * Label that says by what the lines of a container are joined, until they are: the annotation's value, else the first
 * rule that fits.
 */
export const multilineLabel = "multiline";

/** Label that keeps the logs of a container's runs apart until their lines are joined: the log's path. */
export const logLabel = "log";

/** Loki's limit for a line, in bytes: a longer entry would be refused as a whole. */
const longest = "256KiB";

/** How long a message waits for its trace: a logger writes both at once, and Alloy reads four times a second. */
const headerSeconds = 1;

/** Stands before a line that belongs to the one before it. No program writes it there. */
const mark = "\u0001\u0002";

/** Stands for a blank line while lines are joined: Alloy drops one that begins an entry. */
const blank = "\u0003\u0002";

type Multiline = Pick<AlloySpec, "multiline" | "image">;

/** Whether any lines are joined. */
export function joinsLines({ multiline }: Pick<AlloySpec, "multiline">): boolean {
  return multiline.annotation || multiline.rules.length > 0;
}

/**
 * Stages that join the lines of an entry. They come while the labels still tell containers and streams apart, because
 * Alloy has one open entry for each set of labels. Empty if no lines are joined. Alloy syntax.
 */
export function multilineStages(spec: Multiline): string[] {
  const { annotation, rules } = spec.multiline;
  const presets = tracePresetNames.filter((name) => annotation || rules.some(({ preset }) => preset === name));
  return [
    ...rules.map((rule, index) => assigned(rule, kindOf(rule, index))),
    ...presets.map((name) => joined(name, presetStages(tracePresets[name], spec), spec)),
    ...rules.flatMap((rule, index) =>
      rule.firstLine === undefined
        ? []
        : [joined(kindOf(rule, index), [join(rule.firstLine, spec.multiline.maxWaitSeconds, spec)], spec)],
    ),
  ];
}

type MultilineRule = AlloySpec["multiline"]["rules"][number];

function kindOf({ preset }: MultilineRule, index: number): string {
  return preset ?? `rule-${index}`;
}

/** Gives the lines of the containers that a rule fits their label, unless they have one. */
function assigned({ namespace, app, container }: MultilineRule, kind: string): string {
  return `  stage.match {
    selector = ${selecting({ [multilineLabel]: "", namespace, app, container })}

    stage.static_labels {
      values = { ${multilineLabel} = ${quote(kind)} }
    }
  }
`;
}

function joined(kind: string, stages: string[], spec: Pick<AlloySpec, "image">): string {
  const truncate = `
    stage.truncate {
      rule {
        limit  = ${quote(longest)}
        suffix = "<truncated>"
      }
    }
`;
  return `  stage.match {
    selector = ${selecting({ [multilineLabel]: kind })}
${[...stages, ...(isNew(spec) ? [truncate] : [])].join("")}  }
`;
}

/**
 * RE2 cannot say "a line that is not inside a trace", so lines inside are marked, and an entry begins with a line
 * without the mark. A trace may follow a message or stand alone. So its first line is joined to the line before it
 * first, if there is one; what is inside a trace then follows.
 */
function presetStages({ header, continuation, blankLines = false }: TracePreset, spec: Multiline): string[] {
  const { maxWaitSeconds } = spec.multiline;
  const marked = (expression: string, seconds: number) => [
    replace(`^()(?:${expression})`, mark),
    join(`^[^${mark[0]}]`, seconds, spec),
    replace(`(?:^|\\n)(${mark})`, ""),
  ];
  const inside = blankLines ? `${blank}|${continuation}` : continuation;
  // The last line comes out of the first step late: if the second did not wait longer, it would be an entry of its own.
  const steps =
    header === undefined
      ? marked(inside, maxWaitSeconds)
      : [...marked(header, headerSeconds), ...marked(inside, maxWaitSeconds + headerSeconds)];
  return [replace("^()$", blank), ...steps, replace(`(?:^|\\n)(${blank})`, "")];
}

/** Whether an Alloy knows `stage.truncate`, and by default removes carriage returns from the lines that it joins. */
function isNew({ image }: Pick<AlloySpec, "image">): boolean {
  return !isOlder(versionOf(image.tag) ?? alloyFindsFiles, alloyFindsFiles);
}

function join(firstLine: string, seconds: number, spec: Multiline): string {
  return `
    stage.multiline {
      firstline     = ${quote(firstLine)}
      max_lines     = ${spec.multiline.maxLines}
      max_wait_time = ${quote(`${seconds}s`)}
${isNew(spec) ? "      trim_newlines = false\n" : ""}    }
`;
}

function replace(expression: string, by: string): string {
  return `
    stage.replace {
      expression = ${quote(expression)}
      replace    = ${quote(by)}
    }
`;
}

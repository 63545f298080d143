import { ConfigError } from "../../config/configError";
import type { SettingProblem } from "../../domain/problem";
import { isMap } from "../../domain/tree";
import type { Values } from "../pod";

type Path = readonly string[];

/**
 * What decides a key: the path of a setting; or what is wrong with the key, and what to do instead. Undefined: the
 * program.
 */
export type Decider = string | readonly [problem: string, remedy: string] | undefined;

/**
 * What decides keys, by path, such as `persistence/size`; `*` stands for the rest of any one name. The first that fits
 * holds for a key and all below it.
 */
export type Deciders = readonly (readonly [path: string, decider: Decider])[];

/** Where an escape hatch leads. */
export interface Hatch {
  /** The setting that holds it, such as `loki.config`. */
  key: string;
  /** Keys that it may not hold, even where the program leaves them out. */
  deciders: Deciders;
}

/**
 * The program's own keys and those of a hatch. Groups are merged, everything else is a value. Pure.
 * @throws ConfigError if the hatch holds a key that is decided.
 */
export function overlay(own: Values, given: Values, hatch: Hatch): Values {
  const problems = decidedKeys(own, given, hatch);
  if (problems.length > 0) throw new ConfigError(problems);
  return merged(own, given);
}

function merged(own: Values, given: Values): Values {
  const below = Object.entries(given).map(([key, value]) => {
    const is = own[key];
    return [key, isMap(is) && isMap(value) ? merged(is, value) : value] as const;
  });
  return { ...own, ...Object.fromEntries(below) };
}

/** Keys of a hatch that are decided elsewhere. Pure. */
export function decidedKeys(own: Values, given: Values, { key, deciders }: Hatch): SettingProblem[] {
  return entriesOf(given).flatMap(({ path }) => {
    const [fitting] = deciders.flatMap(([pattern, decider]) => fitted(pattern.split("/"), path, decider));
    const taken = fitting === undefined ? takenPath(own, path) : path;
    return taken === undefined ? [] : [refusal(keyPath(key, taken), fitting?.decider)];
  });
}

function refusal(key: string, decider: Decider): SettingProblem {
  if (decider === undefined) return { key, problem: "is decided by the program", remedy: "leave it out" };
  if (typeof decider !== "string") return { key, problem: decider[0], remedy: decider[1] };
  return { key, problem: `is decided by the setting ${decider}`, remedy: `leave it out, and set ${decider}` };
}

/** The values of a hatch, each with its path. A list is one value; an empty group is none. */
export function entriesOf(given: Values, path: Path = []): { path: Path; value: unknown }[] {
  return Object.entries(given).flatMap(([key, value]) =>
    isMap(value) ? entriesOf(value, [...path, key]) : [{ path: [...path, key], value }],
  );
}

/** A path below a setting, as `pulumi config set --path` takes it: `values.loki.write.extraEnv[0].name`. */
export function keyPath(setting: string, path: Path): string {
  const step = (key: string) => (/^\d+$/.test(key) ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`);
  return setting + path.map(step).join("");
}

/**
 * What decides a path that is at a pattern or below it. A value above it would replace a whole group, which only the
 * program may. Empty if they lead to different places.
 */
function fitted(pattern: Path, path: Path, decider: Decider): { decider: Decider }[] {
  const isBelow = path.length >= pattern.length;
  const fits = pattern
    .slice(0, path.length)
    .every(
      (key, index) =>
        key === path[index] || (isBelow && key.endsWith("*") && path[index]!.startsWith(key.slice(0, -1))),
    );
  return fits ? [{ decider: isBelow ? decider : undefined }] : [];
}

/** The part of a path at which the program's own keys have a value. Undefined if they have none there. */
function takenPath(own: unknown, path: Path): Path | undefined {
  let node = own;
  for (const [index, key] of path.entries()) {
    if (!isMap(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
    if (!isMap(node)) return path.slice(0, index + 1);
  }
  return path;
}

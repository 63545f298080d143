import { posix } from "node:path";

/** A stack of the checkout. */
export interface StackFile {
  name: string;
  /** Its config, by full key. */
  config: Readonly<Record<string, unknown>>;
}

/** A stack that a change touches. */
export interface Touched {
  stack: string;
  /** The first of the changed files that touch it. */
  because: string;
}

/** Folders and files that every stack is made from, or judged by. */
export const programEntries: readonly string[] = [
  "index.ts",
  "program.js",
  "domain",
  "config",
  "render",
  "components",
  "cluster",
  "changes",
  "compiled.js",
  "policies",
  "compiled.js",
  "program.js",
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** Folders and files that change nothing in any stack. */
export const inertEntries: readonly string[] = [
  ".ci",
  ".git",
  ".github",
  ".gitignore",
  ".mocharc.json",
  ".oxlintrc.json",
  ".prettierignore",
  ".prettierrc.json",
  "LICENSE",
  "api",
  "automation",
  "bin",
  "charts",
  "ci",
  "cli",
  "deps.js",
  "diff",
  "dist",
  "docs",
  "doctor",
  "drift",
  "examples",
  "local",
  "logs",
  "node_modules",
  "tests",
  "tsconfig.build.json",
];

/**
 * The stacks that a change touches, in the order of `stacks`. A stack is touched by its own file, by what every stack
 * is made from, and by a file that its settings name. A file of which none of this is known touches every stack: to
 * preview one too many costs minutes, to miss one costs a review. Pure.
 * @param changed paths from the project's folder, as git writes them
 */
export function touchedStacks(changed: readonly string[], stacks: readonly StackFile[]): Touched[] {
  return stacks.flatMap(({ name }) => {
    const because = changed.find((file) => stacksOf(file, stacks).includes(name));
    return because === undefined ? [] : [{ stack: name, because }];
  });
}

function stacksOf(file: string, stacks: readonly StackFile[]): string[] {
  const all = stacks.map(({ name }) => name);
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
  if (stack !== undefined) return [stack];
  const entry = file.split("/")[0]!;
  if (programEntries.includes(entry)) return all;
  const naming = stacks.filter(({ config }) => names(config, file)).map(({ name }) => name);
  if (naming.length > 0) return naming;
  return inertEntries.includes(entry) || file.endsWith(".md") ? [] : all;
}

/** Whether a text in a config is the path of a file, or of a folder that holds it. */
function names(value: unknown, file: string): boolean {
  if (typeof value === "string") {
    const path = posix.normalize(value).replace(/\/$/, "");
    return path === file || file.startsWith(`${path}/`);
  }
  return typeof value === "object" && value !== null && Object.values(value).some((one) => names(one, file));
}

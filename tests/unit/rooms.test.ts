import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import ts from "typescript";
import { sourceFiles, type SourceFile } from "../support/sourceFiles";

/**
 * The rooms of the house, from the ground up, and the rooms that each may import from; itself it always may. The linter
 * refuses circles.
 */
const rooms: Record<string, readonly string[]> = {
  domain: [],
  config: ["domain"],
  render: ["domain", "config"],
  components: ["domain", "config", "render"],
  cluster: ["domain", "config", "render"],
  logs: ["domain", "config", "render", "cluster"],
  changes: ["domain", "config", "render", "cluster"],
  charts: ["domain", "config", "render"],
  doctor: ["domain", "config", "render", "cluster", "logs"],
  index: ["domain", "config", "render", "components", "cluster", "changes"],
  automation: ["domain", "config", "render", "cluster", "logs", "changes", "doctor", "index"],
  diff: ["domain", "config", "render", "cluster", "changes", "charts", "doctor", "policies", "automation"],
  ci: ["domain", "automation", "diff"],
  local: ["domain", "config", "render", "cluster", "logs", "charts", "automation"],
  cli: [
    "domain",
    "config",
    "render",
    "cluster",
    "logs",
    "changes",
    "charts",
    "doctor",
    "automation",
    "diff",
    "ci",
    "local",
  ],
  policies: ["domain"],
  // They have the published package, as everybody else.
  examples: [],
};

const roomOf = (file: string) => file.split("/")[0]!.replace(/\.[jt]s$/, "");

/** The files of the checkout that a file imports, types too, without their `.ts`. */
function importsOf({ file, content }: SourceFile): string[] {
  return ts
    .preProcessFile(content)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => join(dirname(file), name));
}

/** Whether a file's room may import from the room of another. */
const mayImport = (from: string, to: string) => [roomOf(from), ...(rooms[roomOf(from)] ?? [])].includes(roomOf(to));

describe("the rooms", () => {
  it("import one way only", () => {
    const files = sourceFiles(".ts").filter(({ file }) => roomOf(file) in rooms);
    const imports = files.flatMap((source) => importsOf(source).map((to) => [source.file, to] as const));
    assert.ok(imports.length > 500, `only ${imports.length} imports`);
    const refused = imports.filter(([from, to]) => !mayImport(from, to));
    assert.deepEqual(
      refused.map(([from, to]) => `${from} -> ${to}`),
      [],
    );
  });

  it("are all of the checkout's, but for its tests", () => {
    const found = new Set(sourceFiles(".ts").map(({ file }) => roomOf(file)));
    found.delete("tests");
    assert.deepEqual([...found].sort(), Object.keys(rooms).sort());
  });
});

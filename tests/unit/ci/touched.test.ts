import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { projectDir } from "../../../automation/project";
import { inertEntries, programEntries, touchedStacks } from "../../../ci/touched";
import { sourceFiles } from "../../support/sourceFiles";

describe("the stacks that a change touches", () => {
  const stacks = [
    { name: "dev", config: { "logharbor:profile": "dev" } },
    {
      name: "prod",
      config: {
        "logharbor:namespaces": { loki: "render" },
        "logharbor:grafana": { dashboardFiles: ["./boards/shop.json", "docs/all/"] },
      },
    },
  ];
  const touched = (...files: string[]) => touchedStacks(files, stacks).map(({ stack }) => stack);
  const both = ["dev", "prod"];

  for (const [what, file, expected] of [
    ["its own file", "Pulumi.prod.yaml", ["prod"]],
    ["the file of a stack that is gone", "Pulumi.old.yaml", []],
    ["the project's file", "Pulumi.yaml", both],
    ["the program", "render/loki/config.ts", both],
    ["a package", "package-lock.json", both],
    ["a policy", "policies/privileges.ts", both],
    ["a file that its settings name", "boards/shop.json", ["prod"]],
    ["a file in a folder that they name, even among documents", "docs/all/a.md", ["prod"]],
    ["a document", "docs/ci.md", []],
    ["a document beside the program", "components/README.md", both],
    ["a test", "tests/unit/a.test.ts", []],
    ["a command", "cli/logs.ts", []],
    ["what nobody knows", "charts-of-ours/loki/values.yaml", both],
    ["a document that nobody knows", "notes/a.md", []],
  ] as const)
    it(`by ${what}: ${expected.join(" and ") || "none"}`, () => assert.deepEqual(touched(file), expected));

  it("are named once, in their order, with the first file that touches them", () =>
    assert.deepEqual(touchedStacks(["docs/a.md", "Pulumi.prod.yaml", "index.ts", "Pulumi.dev.yaml"], stacks), [
      { stack: "dev", because: "index.ts" },
      { stack: "prod", because: "Pulumi.prod.yaml" },
    ]));

  it("are none without a change", () => assert.deepEqual(touched(), []));

  it("depend on nothing that is said to change none", () => {
    const files = new Map(sourceFiles(".ts").map(({ file, content }) => [file.replace(/\.ts$/, ""), content]));
    const reached = new Set<string>();
    const reach = (file: string): void => {
      const content = files.get(file) ?? files.get(`${file}/index`);
      if (content === undefined || reached.has(file)) return;
      reached.add(file);
      for (const { fileName } of ts.preProcessFile(content).importedFiles)
        if (fileName.startsWith("."))
          reach(join(dirname(files.has(file) ? file : `${file}/index`), fileName).replace(/\.js$/, ""));
    };
    for (const entry of ["index", "components", "policies"]) reach(entry);
    assert.ok(reached.size > 150, String(reached.size));
    const entries = [...new Set([...reached].map((file) => file.split("/")[0]!))];
    assert.deepEqual(
      entries.filter((entry) => !programEntries.includes(entry) && !programEntries.includes(`${entry}.ts`)),
      [],
    );
  });

  it("are known for each file at the top of the checkout", () => {
    const known = [...programEntries, ...inertEntries];
    const unknown = readdirSync(projectDir).filter(
      (entry) => !known.includes(entry) && !/\.md$|\.log$|^Pulumi\..*\.yaml$/.test(entry),
    );
    assert.deepEqual(unknown, [], "say in ci/touched.ts whether they change a stack");
    assert.deepEqual(
      programEntries.filter((entry) => inertEntries.includes(entry)),
      [],
    );
  });
});

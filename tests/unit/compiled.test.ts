import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { projectDir } from "../../automation/project";

describe("compiled sources", () => {
  let root: string;
  const code = () => join(root, "node_modules/.cache/logharbor/main-ts.js");
  const write = (file: string, text: string) => writeFileSync(join(root, file), text);

  before(() => {
    root = mkdtempSync(join(tmpdir(), "logharbor-compiled-"));
    cpSync(join(projectDir, "compiled.js"), join(root, "compiled.js"));
    mkdirSync(join(root, "node_modules"));
    symlinkSync(dirname(require.resolve("esbuild/package.json")), join(root, "node_modules/esbuild"));
    write("node_modules/.package-lock.json", "{}");
    write("main.ts", 'export { said } from "./part";\nexport const folder: string = __dirname;');
    write("part.ts", 'export const said = () => "one";');
  });
  after(() => rmSync(root, { recursive: true }));

  /** What a process of its own gets of them. */
  const loaded = async (): Promise<unknown> => {
    const script = 'require("./compiled.js").load("main.ts").then((it) => console.log(it.said(), it.folder))';
    return (await promisify(execFile)(process.execPath, ["-e", script], { cwd: root })).stdout.trim();
  };

  it("are used again while nothing has changed, and never once a source or a package has", async () => {
    assert.equal(await loaded(), `one ${root}`);
    const [first, parsed] = [statSync(code()).ino, statSync(`${code()}.v8`).ino];
    assert.equal(await loaded(), `one ${root}`);
    assert.deepEqual([statSync(code()).ino, statSync(`${code()}.v8`).ino], [first, parsed]);

    write("part.ts", 'export const said = () => "two";');
    assert.equal(await loaded(), `two ${root}`);
    const second = statSync(code()).ino;
    assert.notEqual(second, first);

    write("node_modules/.package-lock.json", '{ "another": "version" }');
    assert.equal(await loaded(), `two ${root}`);
    assert.notEqual(statSync(code()).ino, second);
  });

  it("say where one is wrong", async () => {
    write("part.ts", "export const said = () => ;");
    await assert.rejects(loaded(), /part\.ts:1:\d+: ERROR/);
  });
});

describe("what a command loads", () => {
  let imports: Record<string, readonly { path: string; kind: string }[]>;
  before(async () => {
    const { metafile } = await build({
      entryPoints: ["cli/main.ts"],
      absWorkingDir: projectDir,
      bundle: true,
      packages: "external",
      platform: "node",
      metafile: true,
      write: false,
    });
    imports = Object.fromEntries(Object.entries(metafile.inputs).map(([file, input]) => [file, input.imports]));
  });

  /** The packages that come with a file, not those of what it loads later; `later` names what it loads too. */
  const packagesOf = (file: string, { later = () => false }: { later?: (file: string) => boolean } = {}): string[] => {
    const found = new Set<string>();
    const visit = (path: string) => {
      if (found.has(path)) return;
      found.add(path);
      for (const one of imports[path] ?? []) if (one.kind !== "dynamic-import" || later(one.path)) visit(one.path);
    };
    visit(file);
    return [...found].filter((path) => !(path in imports) && !path.startsWith("node:")).sort();
  };

  it("is next to nothing for --help", () => {
    assert.deepEqual(packagesOf("cli/main.ts"), ["commander", "re2js"]);
  });

  it("is not the engine's SDK if it only reads, nor what makes dashboards", () => {
    const later = (file: string) => !["automation/openStack.ts", "index.ts"].includes(file);
    for (const command of ["logs", "explore", "completion", "alerts", "diagnose"]) {
      const packages = packagesOf(`cli/${command}.ts`, { later });
      assert.ok(packages.includes("@kubernetes/client-node"), command);
      assert.deepEqual(
        packages.filter((name) => name.startsWith("@pulumi/")),
        [],
        command,
      );
    }
    const ofLogs = packagesOf("cli/logs.ts", { later });
    assert.deepEqual(
      ofLogs.filter((name) => name.startsWith("@grafana/grafana-foundation-sdk")),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { projectDir } from "../../automation/project";
import { consoleProgress } from "../../cli/console";
import { ensureTools } from "../../local/builds/pulumi";
import { standInCharts } from "../../local/doubles/charts";
import { ApiServerDouble } from "../support/apiServerDouble";
import { apiReports } from "./apiReport";

const exec = promisify(execFile);

/** What this reads of a `package.json`. */
interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as Manifest;

const examples = ["components", "portal", "preview"];

/** The packages that the compiled code imports. */
function importedPackages(): string[] {
  const files = readdirSync(join(projectDir, "dist"), { recursive: true, encoding: "utf8" });
  const imported = files
    .filter((file) => file.endsWith(".js") || file.endsWith(".d.ts"))
    .filter((file) => file !== join("policies", "analyzer.js")) // in the checkout it takes the sources
    .flatMap(
      (file) => ts.preProcessFile(readFileSync(join(projectDir, "dist", file), "utf8"), true, true).importedFiles,
    )
    .map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith(".") && !name.startsWith("node:") && !builtinModules.includes(name))
    .map((name) => (name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : name.split("/")[0]!));
  return [...new Set(imported)].sort();
}

describe("the package", () => {
  const home = mkdtempSync(join(tmpdir(), "logharbor-package-"));
  /** An empty project that has the package, as npm installs it. */
  const project = join(home, "project");
  let files: string[];

  before("is packed and installed", async () => {
    const packed = await exec("npm", ["pack", "--json", "--pack-destination", home], { cwd: projectDir });
    const [tarball] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("["))) as [
      { filename: string; files: { path: string }[] },
    ];
    files = tarball.files.map(({ path }) => path);

    const own = { "@pulumi/pulumi": manifest.devDependencies["@pulumi/pulumi"] };
    const { "@types/node": types, fastify } = manifest.devDependencies;
    const forExamples = { "@types/node": types, fastify };
    await mkdir(project);
    await writeFile(
      join(project, "package.json"),
      JSON.stringify({
        private: true,
        dependencies: { logharbor: `file:${join(home, tarball.filename)}`, ...own },
        devDependencies: forExamples,
      }),
    );
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    await exec("npm", ["install", ...quiet], { cwd: project });
    for (const example of examples)
      await cp(join(projectDir, "examples", example), join(project, example), { recursive: true });
  });

  after(() => rmSync(home, { recursive: true, force: true }));

  it("holds code, types and docs, and nothing else", () => {
    const known = /^(dist\/.*\.(js|d\.ts)|dist\/policies\/(package\.json|PulumiPolicy\.yaml)|docs\/.*|[^/]+)$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file)),
      [],
    );
    assert.deepEqual(
      files.filter((file) => !file.includes("/")),
      ["CHANGELOG.md", "LICENSE", "README.md", "package.json"],
    );
    for (const file of ["components/index", "automation/index", "index"])
      for (const ending of ["js", "d.ts"]) assert.ok(files.includes(`dist/${file}.${ending}`), file);
    assert.ok(files.includes("docs/settings.md"));
  });

  it("depends on what it imports, and on nothing else", () => {
    const needed = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
    needed.delete("@lezer/lr"); // @grafana/lezer-logql imports it, and leaves the version to us
    assert.deepEqual(importedPackages(), [...needed].sort());
  });

  it("has the public API that api/ says", () => {
    assert.deepEqual(
      apiReports(join(home, "api"), { write: false }).filter(({ changed }) => changed),
      [],
      "the public API has changed: `npm run api:update`, read its diff, and say in CHANGELOG.md what changes for users",
    );
  });

  it("has a version that CHANGELOG.md explains", () => {
    const changes = readFileSync(join(projectDir, "CHANGELOG.md"), "utf8");
    assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
    assert.ok(changes.includes(`\n## ${manifest.version}`), `CHANGELOG.md has no section ${manifest.version}`);
  });

  /** Compiles the examples in the project, or rejects with the words of the compiler. */
  const compile = async (module: string, moduleResolution: string) => {
    const compilerOptions = { strict: true, target: "es2022", module, moduleResolution, skipLibCheck: true };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: examples }));
    const compiler = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
    await exec(process.execPath, [compiler, "-p", project]);
  };

  it("gives a program its types, as older and newer programs find them", async () => {
    await compile("commonjs", "node10");
    await compile("nodenext", "nodenext");
    const index = join(project, "components", "index.ts");
    const text = readFileSync(index, "utf8");
    await writeFile(index, text.replace("storeRegion", "storeRegoin"));
    await assert.rejects(compile("nodenext", "nodenext"), ({ stdout }: { stdout: string }) =>
      stdout.includes("storeRegoin"),
    );
    await writeFile(index, text);
  });

  it("keeps to itself what is internal", async () => {
    const reach = (path: string) => exec(process.execPath, ["-e", `require("logharbor/${path}")`], { cwd: project });
    await reach("automation");
    await assert.rejects(reach("dist/automation/operations.js"), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it("drives two stacks at once: their components, program and policies, by a real engine", async () => {
    const { pulumi } = await ensureTools(consoleProgress(), []);
    const parts = ["minio", "loki", "alloy"];
    const cluster = await ApiServerDouble.start([]);
    try {
      const here = join(project, "preview");
      await writeFile(join(here, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
      const config = {
        "logharbor:profile": "dev",
        "logharbor:grafana": { enabled: false }, // its chart is upstream's alone
        "logharbor:charts": Object.fromEntries(parts.map((part) => [part, { path: join(standInCharts, part) }])),
        "kubernetes:kubeconfig": cluster.kubeconfig,
      };
      const broken = { ...config, "logharbor:minio": { servers: 0 } };
      for (const [name, content] of Object.entries({ one: config, two: config, broken }))
        await writeFile(join(here, `Pulumi.${name}.yaml`), JSON.stringify({ config: content }));
      const env = {
        ...process.env,
        PATH: [dirname(pulumi.command.command), process.env.PATH].join(delimiter),
        PULUMI_HOME: pulumi.home,
        PULUMI_BACKEND_URL: `file://${home}`,
        PULUMI_CONFIG_PASSPHRASE: "",
      };
      await compile("nodenext", "nodenext");
      // Two stacks with the same port for their tunnels.
      const { stdout } = await exec(process.execPath, ["index.js", "one", "two"], { cwd: here, env });
      for (const name of ["one", "two"]) {
        for (const part of parts)
          assert.match(stdout, new RegExp(`^${name}: {2}\\+ {2}Release logharbor-${part}-release$`, "m"));
        assert.match(stdout, new RegExp(`^${name}: \\d+ to be created$`, "m"));
      }
      assert.equal([...stdout.matchAll(/port 39000 is in use/g)].length, 1, stdout);

      await assert.rejects(exec(process.execPath, ["index.js", "broken"], { cwd: here, env }), (error: Error) =>
        /^config: 1 problem in the stack's config:\n.*minio\.servers/m.test(error.message),
      );
    } finally {
      cluster.stop();
    }
  });
});

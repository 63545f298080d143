// Compiles TypeScript once: `load("cli/main.ts")` is like requiring the file, but all that it imports has become one
// JavaScript file in node_modules/.cache, which starts much sooner. That file is used only while every source and the
// installed packages are the same, by their content, so it can't be out of date.
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join, relative } = require("node:path");
const vm = require("node:vm");

const root = __dirname;
const folder = join(root, "node_modules", ".cache", "logharbor");

/** What a TypeScript file of this checkout exports, by its path from here. */
async function load(entry) {
  const file = join(folder, `${entry.replace(/\W/g, "-")}.js`);
  const { code, fingerprint } = upToDate(file) ?? (await compile(entry, file));
  const script = new vm.Script(`(function (exports, require, module) {${code}\n})`, {
    filename: file,
    cachedData: parsed(file, fingerprint),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  // At the end, since V8 parses a function when it is first called.
  if (script.cachedDataRejected !== false)
    process.once("exit", () =>
      write(`${file}.v8`, Buffer.concat([Buffer.from(fingerprint), script.createCachedData()])),
    );
  const compiled = { exports: {} };
  script.runInThisContext()(compiled.exports, createRequire(file), compiled);
  return compiled.exports;
}

/** The code that was compiled last, if nothing has changed. Its first line says what it was made from. */
function upToDate(file) {
  const code = read(file)?.toString();
  const [, made] = /^\/\/ (.*)\n/.exec(code ?? "") ?? [];
  if (made === undefined) return undefined;
  const { sources, fingerprint } = JSON.parse(made);
  return fingerprintOf(sources) === fingerprint ? { code, fingerprint } : undefined;
}

/** What V8 has parsed of this code; V8 itself would only compare the length. */
function parsed(file, fingerprint) {
  const known = read(`${file}.v8`);
  return known?.toString("latin1", 0, fingerprint.length) === fingerprint
    ? known.subarray(fingerprint.length)
    : undefined;
}

/** What the code of these sources depends on, all that they contain. */
function fingerprintOf(sources, contentOf = (source) => read(join(root, source))) {
  const hash = createHash("sha256").update(root);
  for (const file of ["compiled.js", "node_modules/.package-lock.json"]) hash.update(read(join(root, file)) ?? "");
  for (const source of sources) hash.update(`\n${source}\n`).update(contentOf(source) ?? "gone");
  return hash.digest("hex");
}

async function compile(entry, file) {
  const contents = new Map();
  const { outputFiles } = await require("esbuild").build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    // The engine's SDK must be one for everybody in the process. tsx is only looked up.
    external: ["@pulumi/*", "tsx/cjs"],
    // In code that V8 has parsed before, Node 20 refuses import(), so it becomes require.
    supported: { "dynamic-import": false },
    format: "cjs",
    platform: "node",
    target: "node20",
    plugins: [{ name: "own sources", setup: (build) => build.onLoad({ filter: /\.ts$/ }, ownSource(contents)) }],
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  const sources = [...contents.keys()].sort();
  const fingerprint = fingerprintOf(sources, (source) => contents.get(source));
  const code = `// ${JSON.stringify({ sources, fingerprint })}\n${outputFiles[0].text}`;
  write(file, code);
  return { code, fingerprint };
}

/** Notes what a source contains, and keeps its `__dirname`, by which some find files beside them. */
const ownSource =
  (contents) =>
  ({ path }) => {
    const source = relative(root, path);
    if (source.startsWith("node_modules")) return undefined;
    const text = readFileSync(path, "utf8");
    contents.set(source, text);
    return { loader: "ts", contents: `const __dirname = ${JSON.stringify(dirname(path))}; ${text}` };
  };

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Writes a file completely or not at all. In a checkout that is read-only, everything is compiled anew each time. */
function write(file, content) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, content);
    renameSync(`${file}.${process.pid}`, file);
  } catch (error) {
    if (!["EACCES", "EROFS", "EPERM"].includes(error.code)) throw error;
  }
}

module.exports = { load };

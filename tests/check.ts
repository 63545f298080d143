/*
 * `npm test`: runs the unit tests and then the format check in one process after the other, and types and lint in this
 * one at the same time. Types and lint share one compiler program. So two cores are busy until the end.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { ESLint } from "eslint";
import ts from "typescript";

/** All type errors, and the compiler program for the linter, because making and checking it takes most of the time. */
function checkTypes(): { program: ts.Program; faults: readonly ts.Diagnostic[] } {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
    },
  };
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile("tsconfig.json", { noEmit: true }, host)!;
  const program = ts.createProgram(fileNames, options);
  return { program, faults: [...errors, ...ts.getPreEmitDiagnostics(program)] };
}

/** ESLint's report; empty if nothing is wrong. */
async function lint(program: ts.Program): Promise<string> {
  const parserOptions = { projectService: false, programs: [program] };
  const eslint = new ESLint({ overrideConfig: { languageOptions: { parserOptions } } });
  const results = await eslint.lintFiles(["."]);
  return (await eslint.loadFormatter("stylish")).format(results);
}

/** Files that Prettier would change, as it lists them; empty if there are none. */
async function form(): Promise<string> {
  const prettier = join(dirname(require.resolve("prettier/package.json")), "bin", "prettier.cjs");
  const child = spawn(process.execPath, [prettier, "--list-different", "--cache", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [names, [status]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
  return status === 0 ? "" : `npm run format changes:\n${names}`;
}

async function main(): Promise<boolean> {
  const mocha = spawn(process.execPath, [require.resolve("mocha/bin/mocha.js"), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  const tested = once(mocha, "exit") as Promise<[number | null]>;
  const formed = tested.then(form);

  const { program, faults } = checkTypes();
  const words = (await lint(program)) + (await formed);
  const [status] = await tested;
  // Printed only after the unit tests, so that their output stays in one piece.
  if (faults.length > 0) {
    console.error(ts.formatDiagnosticsWithColorAndContext(faults, ts.createCompilerHost({})));
  }
  if (words !== "") console.error(words);
  console.log(`types: ${faults.length} errors; lint and format: ${words === "" ? "no errors" : "see above"}`);
  return status === 0 && faults.length === 0 && words === "";
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

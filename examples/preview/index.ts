import { openStack, OperatorError, summary } from "logharbor/automation";

/** Prints what `up` would change in a stack of this folder: `tsx index.ts STACK`. */
async function main(name: string): Promise<void> {
  const stack = await openStack({ name, workDir: __dirname, print: console.log }, { create: true });
  const { changes } = await stack.preview();
  console.log(summary(changes, { planned: true }));
}

main(process.argv[2] ?? "dev").catch((error: unknown) => {
  console.error(error instanceof OperatorError ? error.message : error);
  process.exitCode = 1;
});

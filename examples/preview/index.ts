import { eventText, openStack, OperatorError, summary } from "logharbor/automation";

/** Prints what `up` would change in stacks of this folder, all at the same time: `tsx index.ts STACK...`. */
async function preview(name: string): Promise<void> {
  const stack = await openStack({ name, workDir: __dirname }, { create: true });
  const operation = stack.start("preview");
  for await (const event of operation) {
    const line = eventText(event);
    if (line !== undefined) console.log(`${name}:${line}`);
  }
  const { changes } = await operation.result;
  console.log(`${name}: ${summary(changes, { planned: true })}`);
}

Promise.all(process.argv.slice(2).map(preview)).catch((error: unknown) => {
  console.error(error instanceof OperatorError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 1;
});

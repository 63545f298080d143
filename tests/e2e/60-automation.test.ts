import assert from "node:assert/strict";
import { changeCount } from "../../automation/engineProgress";
import { eventSchema, type StackEvent } from "../../automation/events";
import { OperatorError } from "../../domain/problem";
import { command } from "../support/command";
import { platform } from "../support/platform";
import { full } from "../support/sizes";

describe("a tool on top of the module", () => {
  const p = platform();
  const nothing = ({ changes }: { changes?: Record<string, number> }) => changeCount(changes ?? {}) === 0;

  before(async () => p.ensureUp());

  full(
    "three operations of the engine; unit tests hold each event, and the package test a preview",
    "gets typed events and a result, in the process and from the command line",
    async () => {
      const operation = (await p.stack()).start("up");
      const events: StackEvent[] = [];
      for await (const event of operation) events.push(eventSchema.parse(event));
      assert.ok(nothing(await operation.result));
      const [first, last] = [events[0], events.at(-1)];
      assert.ok(first?.type === "operation" && first.state === "started" && first.operation === "up");
      assert.ok(last?.type === "operation" && last.state === "succeeded" && nothing(last));

      const { status, stdout } = await command(p.cacheHome, ["preview", "--json"]);
      assert.equal(status, 0);
      const lines = stdout.trim().split("\n");
      const printed = lines.map((line) => eventSchema.parse(JSON.parse(line)));
      assert.ok(printed.every(({ stack }) => stack === p.stackName));
      const end = printed.at(-1);
      assert.ok(end?.type === "operation" && end.state === "succeeded" && nothing(end));
    },
  );

  full(
    "six operations that are cancelled, and one that is not; 91-interruptions kills them at each step",
    "cancels at any point, and the same operation then completes",
    async () => {
      for (const ms of [0, 200, 1_000, 3_000, 5_000, 8_000]) {
        const operation = (await p.stack({ alerts: { intervalSeconds: 61 } })).start("up", {
          signal: AbortSignal.timeout(ms),
        });
        const outcome: unknown = await operation.result.catch((error: unknown) => error);
        assert.ok(
          !(outcome instanceof Error) || (outcome instanceof OperatorError && outcome.code === "cancelled"),
          `after ${ms} ms: ${String(outcome)}`,
        );
      }
      await p.up();
      assert.ok(nothing(await (await p.stack()).preview()));
    },
  );
});

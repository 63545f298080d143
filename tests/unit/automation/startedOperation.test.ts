import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { unlessAborted } from "../../../automation/cancellation";
import type { StackEvent } from "../../../automation/events";
import { startOperation, type OperationOptions } from "../../../automation/startedOperation";

const note = (text: string): StackEvent => ({
  time: new Date().toISOString(),
  stack: "dev",
  type: "log",
  severity: "info",
  text,
});

const textsOf = async (events: AsyncIterable<StackEvent>) => {
  const texts: string[] = [];
  for await (const event of events) if (event.type === "log") texts.push(event.text);
  return texts;
};

describe("a started operation", () => {
  const work = async ({ onEvent, signal }: OperationOptions) => {
    for (const text of ["one", "two", "three"]) {
      onEvent?.(note(text));
      await sleep(5, undefined, { signal });
    }
    return "done";
  };

  it("gives every reader all events, whenever it begins to read, and its result", async () => {
    const told: StackEvent[] = [];
    const operation = startOperation(work, { onEvent: (event) => told.push(event) });
    const early = textsOf(operation);
    assert.equal(await operation.result, "done");
    assert.deepEqual(await early, ["one", "two", "three"]);
    assert.deepEqual(await textsOf(operation), ["one", "two", "three"]);
    assert.equal(told.length, 3);
  });

  it("goes on when a reader leaves, and ends for readers when it fails", async () => {
    const operation = startOperation(async (options) => {
      await work(options);
      throw new Error("broken");
    });
    for await (const event of operation) if (event.type === "log") break;
    assert.deepEqual(await textsOf(operation), ["one", "two", "three"]);
    await assert.rejects(operation.result, /broken/);
  });

  it("ends when it is cancelled, by itself or by the signal that it was given", async () => {
    const operation = startOperation(work);
    operation.cancel();
    await assert.rejects(operation.result, { name: "AbortError" });
    const stopping = new AbortController();
    const other = startOperation(work, { signal: stopping.signal });
    stopping.abort();
    await assert.rejects(other.result, { name: "AbortError" });
  });
});

describe("a question that may be given up", () => {
  it("is answered, fails by itself, or ends with the signal", async () => {
    const stopping = new AbortController();
    assert.equal(await unlessAborted(() => Promise.resolve(1), stopping.signal), 1);
    await assert.rejects(
      unlessAborted(() => Promise.reject(new Error("no")), stopping.signal),
      /no/,
    );
    const endless = unlessAborted(() => new Promise(() => undefined), stopping.signal);
    stopping.abort();
    await assert.rejects(endless, { name: "AbortError" });
    let asked = false;
    await assert.rejects(
      unlessAborted(() => Promise.resolve((asked = true)), stopping.signal),
      { name: "AbortError" },
    );
    assert.equal(asked, false);
  });
});

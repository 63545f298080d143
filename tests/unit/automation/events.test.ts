import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { changesOf, errorContent, eventSchema, type EventContent } from "../../../automation/events";
import { Journal } from "../../../automation/journal";
import { ConfigError } from "../../../config/configError";
import { OperatorError } from "../../../domain/problem";
import { assertUnchanged, eventsSchema } from "../../golden/golden";

describe("events of operations", () => {
  it("have the schema that docs/ says", () =>
    assertUnchanged(readFileSync(eventsSchema.file, "utf8"), eventsSchema.text(), "docs/events.schema.json"));

  it("tell an error by its code, what is wrong and what to do", () => {
    const protectedLogs = new OperatorError("It holds logs.", ["keep them", "give them up"], { code: "protected" });
    assert.deepEqual(errorContent(protectedLogs), {
      code: "protected",
      problem: "It holds logs.",
      remedy: ["keep them", "give them up"],
    });
    const config = new ConfigError([{ key: "minio.servers", problem: "is 0", remedy: "set 1" }]);
    assert.equal(errorContent(config)?.code, "config");
    assert.match(config.message, /minio\.servers is 0; set 1/);
    assert.deepEqual(errorContent(new TypeError("a bug")), { problem: "a bug", remedy: [] });
  });

  it("tell the changes of an operation that has some", () => {
    assert.deepEqual(changesOf({ changes: { create: 2 } }), { changes: { create: 2 } });
    assert.deepEqual(changesOf({ done: [] }), {});
  });
});

describe("the journal", () => {
  it("tells people lines and programs events, and each listener until it stops listening", () => {
    const [lines, texts]: [string[], string[]] = [[], []];
    const journal = new Journal("dev", (line) => lines.push(line));
    const listen = () =>
      journal.listen((event) => {
        eventSchema.parse(event);
        if (event.type === "log") texts.push(`${event.stack} ${event.severity} ${event.text}`);
      });
    const deafen = listen();
    journal.print("  warning: look here");
    journal.print("bucket a is back");
    const failed: EventContent = { type: "log", severity: "error", text: "bad" };
    journal.emit(failed);
    deafen();
    journal.emit(failed);
    assert.deepEqual(lines, ["  warning: look here", "bucket a is back"]);
    assert.deepEqual(texts, ["dev warning look here", "dev info bucket a is back", "dev error bad"]);
  });
});

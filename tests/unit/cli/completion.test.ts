import assert from "node:assert/strict";
import { Command } from "commander";
import { addCompletion, completionOf } from "../../../cli/completion";
import { addExplore } from "../../../cli/explore";
import { addLogs } from "../../../cli/logs";
import { levels } from "../../../logs/lineFilter";

describe("completion", () => {
  const program = new Command("logharbor");
  [addLogs, addExplore, addCompletion].forEach((add) => add(program));

  it("knows what comes next", () => {
    const commands = completionOf(program, ["lo"]).texts;
    assert.deepEqual(completionOf(program, []).texts, commands);
    assert.ok(commands?.includes("logs") && commands.includes("patterns"));
    assert.ok(!commands?.includes("complete"), "that one is for shells");

    const options = completionOf(program, ["logs", "-n", "default", "--"]).texts;
    for (const option of ["--pod", "--level", "--around", "--stack", "--help"])
      assert.ok(options?.includes(option), option);

    assert.deepEqual(completionOf(program, ["logs", "--output", ""]).texts, ["text", "raw", "json", "csv"]);
    assert.deepEqual(completionOf(program, ["logs", "-o", "j"]).texts, ["text", "raw", "json", "csv"]);
    assert.deepEqual(completionOf(program, ["logs", "--level", "error,"]), { texts: levels, before: "error," });
    assert.ok(completionOf(program, ["logs", "-s", ""]).texts?.includes("dev"));
    assert.deepEqual(completionOf(program, ["completion", ""]).texts, ["bash", "zsh"]);
    assert.deepEqual(completionOf(program, ["logs", "--grep", "x"]).texts, []);
    assert.deepEqual(completionOf(program, ["logs", "--follow", ""]).texts, [], "it takes no value");
  });

  it("asks Loki for the names and values of labels", () => {
    assert.deepEqual(completionOf(program, ["logs", "-n", "def"]), { label: "namespace", before: "" });
    assert.deepEqual(completionOf(program, ["logs", "--pod", "web-0,w"]), { label: "pod", before: "web-0," });
    assert.deepEqual(completionOf(program, ["volume", "--by", "app,"]), { label: "*", before: "app," });
    assert.deepEqual(completionOf(program, ["labels", ""]), { label: "*" });
  });
});

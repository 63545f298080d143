import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi/errors";
import { ConfigError } from "../../../config/configError";
import { OperatorError } from "../../../domain/problem";

describe("errors for people", () => {
  it("are RunErrors to the engine, which therefore prints them without a stack trace", () => {
    for (const error of [new OperatorError("It is wrong.", "mend it"), new ConfigError([])])
      assert.ok(RunError.isInstance(error), error.name);
    assert.ok(!RunError.isInstance(new Error("It is wrong.")));
  });
});

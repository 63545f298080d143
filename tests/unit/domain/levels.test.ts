import assert from "node:assert/strict";
import { levelExpression, levelNames, type LevelName } from "../../../domain/levels";
import { finds } from "../../../domain/regularExpression";

const stating: Record<LevelName, string[]> = {
  trace: ['{"level":"trace"}', "2026-11-26 TRACE main", "lvl=trace msg=x"],
  debug: ['{"level": "DEBUG","msg":"x"}', "[DEBUG] x", "level=debug msg=x", "DEBUG: x"],
  info: ["level=info", "I1126 06:00:00.1 1 x.go:1] y", "2026-11-26 06:00:00 INFO x"],
  warn: ["level=warn", '{"severity":"WARNING"}', "W1126 06:00:00.1 1 x.go:1] y", "(WARN) x"],
  error: ["level=error", "lvl=err", "E1126 06:00:00.1 1 x.go:1] y", "ERROR x"],
};

describe("levels in lines", () => {
  for (const level of levelNames) {
    it(`${level} is found where a line states it, and no other`, () => {
      for (const other of levelNames)
        for (const line of stating[other]) assert.equal(finds(levelExpression(level), line), other === level, line);
    });
  }

  it("are not words in a message", () => {
    for (const level of levelNames)
      for (const line of ["no error found", "debugging is off", "INFORMATION desk", "level=information"])
        assert.ok(!finds(levelExpression(level), line), `${level}: ${line}`);
  });
});

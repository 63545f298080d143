import assert from "node:assert/strict";

import { engineProgress, summary } from "../../../automation/engineProgress";
import { eventSchema, type EventContent } from "../../../automation/events";
import { eventText } from "../../../automation/eventText";

describe("progress", () => {
  const step = (op: "create" | "update" | "same", type: string, custom = true) => ({
    op,
    type,
    urn: `urn:pulumi:dev::logharbor::${type}::thing`,
    provider: "",
    new: { type, urn: "", id: "", parent: "", provider: "", inputs: {}, outputs: {}, custom },
  });
  const release = "kubernetes:helm.sh/v3:Release";

  /** Adds the lines that people see to `lines`. */
  const printing = (lines: string[]) =>
    engineProgress((event: EventContent) => {
      eventSchema.parse({ ...event, time: new Date().toISOString(), stack: "dev" });
      lines.push(...[eventText(event) ?? []].flat());
    });

  it("shows what an update would change", () => {
    const lines: string[] = [];
    const progress = printing(lines);
    const detailedDiff = { "values.loki.config": { diffKind: "update" as never, inputDiff: true } };
    for (const metadata of [{ ...step("update", release), detailedDiff }, step("create", release)])
      progress.onEvent({ sequence: 0, timestamp: 0, resourcePreEvent: { metadata, planning: true } });
    progress.stop();
    assert.deepEqual(lines, ["  ~  Release thing  [values.loki.config]", "  +  Release thing"]);
  });

  it("prints what was done, and passes over what is the same, components and providers", () => {
    const lines: string[] = [];
    const progress = printing(lines);
    for (const metadata of [
      step("create", release),
      step("same", release),
      step("create", "logharbor:index:Loki", false),
      step("create", "pulumi:providers:minio"),
    ]) {
      progress.onEvent({ sequence: 0, timestamp: 0, resourcePreEvent: { metadata } });
      progress.onEvent({ sequence: 1, timestamp: 0, resOutputsEvent: { metadata } });
    }
    progress.stop();
    assert.deepEqual(lines, ["  created Release thing"]);
  });

  it("prints warnings once, and keeps errors for the end", () => {
    const lines: string[] = [];
    const progress = printing(lines);
    for (const severity of ["warning", "warning", "error", "error"] as const)
      progress.onEvent({
        sequence: 0,
        timestamp: 0,
        diagnosticEvent: { message: "<{%reset%}>look here<{%reset%}>\n", color: "never", severity },
      });
    progress.stop();
    assert.deepEqual(lines, ["  warning: look here"]);
    assert.deepEqual(progress.errors, ["look here"]);
  });

  it("prints what the program says about its own components, and nothing that a provider tells", () => {
    const lines: string[] = [];
    const progress = printing(lines);
    const stack = "logharbor:index:LoggingStack";
    for (const urn of [
      `urn:pulumi:dev::logharbor::${stack}::logharbor`,
      `urn:pulumi:dev::logharbor::${stack}$kubernetes:helm.sh/v3:Release::logharbor-loki-release`,
      "urn:pulumi:dev::logharbor::pulumi:providers:minio::store",
    ])
      progress.onEvent({
        sequence: 0,
        timestamp: 0,
        diagnosticEvent: { urn, message: `of ${urn.split("::").at(-1)}`, color: "never", severity: "info" },
      });
    progress.stop();
    assert.deepEqual(lines, ["  of logharbor"]);
  });

  it("sums up", () => {
    assert.equal(summary({ create: 3, same: 20, update: 1 }), "3 created, 1 updated, 20 unchanged");
    assert.equal(summary({ same: 24 }), "no changes, 24 unchanged");
  });
});

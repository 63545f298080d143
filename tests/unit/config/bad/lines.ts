import { mistyped, whole, wrong, type BadConfig } from "./rows";

const rules = (...all: object[]) => ({ alloy: { rules: all } });
const levels = "must be one of trace, debug, info, warn, error";

export const lines: BadConfig[] = [
  ...wrong("alloy.fields", "must be a list of names of fields", '["trace_id"]', "trace_id"),
  ...wrong("alloy.fields[0]", "must be the name of a field (letters, digits, _)", "trace_id", "trace-id", "a.b", 1),
  [{ alloy: { fields: ["user", "pod"] } }, "alloy.fields[1]", "is pod, which each line has already", "leave it out"],
  [{ alloy: { fields: ["user", "user"] } }, "alloy.fields[1]", "is user again", "name each field once"],
  ...wrong("alloy.collect", "must be one of all, annotated", "all", "none", true),
  mistyped("alloy.rule", [], "alloy.rules"),
  ...wrong("alloy.rules", "must be a list of rules, each with name and action", "[]", "drop"),
  [
    rules({ name: "a", action: "delete", level: "debug" }),
    "alloy.rules[0].action",
    "must be one of drop, sample, keep",
    "write for example drop",
  ],
  [rules({ name: "a", action: "drop", level: "DEBUG" }), "alloy.rules[0].level", levels, "write for example trace"],
  [
    rules({ name: "a", action: "sample", percent: 0, level: "debug" }),
    "alloy.rules[0].percent",
    whole(1, 99),
    "write for example 10",
  ],
  [
    rules({ name: "a", action: "sample", level: "debug" }),
    "alloy.rules[0].percent",
    "is not set",
    "action sample needs it",
  ],
  [
    rules({ name: "a", action: "drop", percent: 10, level: "debug" }),
    "alloy.rules[0].percent",
    "is set, but action drop does not use it",
    "leave it out",
  ],
  [
    rules({ name: "a", action: "drop" }),
    "alloy.rules[0]",
    "fits every line",
    "set at least one of namespace, app, container, level, pattern",
  ],
  [
    rules({ name: "a", action: "drop", pattern: "x*" }),
    "alloy.rules[0].pattern",
    "matches the empty text, so it would match every line",
    "write what must be there",
  ],
  [
    rules({ name: "a", action: "drop", pattern: "x)" }),
    "alloy.rules[0].pattern",
    "must be a regular expression in RE2's syntax: unexpected ): `x)`",
    "write for example GET /healthz",
  ],
  [
    rules({ name: "a", action: "drop", level: "debug" }, { name: "a", action: "keep", app: "web" }),
    "alloy.rules[1].name",
    "is a again",
    "give each rule a name of its own",
  ],
];

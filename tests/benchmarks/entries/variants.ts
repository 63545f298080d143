import type { Overrides } from "../../support/stack";

/** What is measured: settings of `alloy`, by what they do. */
export interface Variant {
  name: string;
  alloy: Overrides;
}

const none = { mask: { presets: [] } };

/** The settings with which we compare the others: nothing is done to the lines. */
export const base: Variant = { name: "nothing", alloy: none };

/** Each adds one thing to the base. */
export const variants: readonly Variant[] = [
  base,
  { name: "masks: all presets, as by default", alloy: {} },
  { name: "fields: three", alloy: { ...none, fields: ["level", "trace_id", "duration"] } },
  { name: "rules: three", alloy: { ...none, rules: threeRules() } },
  { name: "multi-line: preset java", alloy: { ...none, multiline: { rules: [{ preset: "java" }] } } },
  { name: "multi-line: a firstLine", alloy: { ...none, multiline: { rules: [{ firstLine: "^[^\\s]" }] } } },
  { name: "limits: by namespace", alloy: { ...none, limits: { namespaceLinesPerSecond: 1_000_000 } } },
  { name: "tenants: ten", alloy: { ...none, tenants: tenTenants() } },
];

function threeRules(): object[] {
  return [
    { name: "audit", action: "keep", pattern: "audit-log-of-nobody" },
    { name: "no-debug", action: "drop", namespace: "shop", level: "trace" },
    { name: "health", action: "sample", percent: 10, app: "nobody", pattern: "GET /healthz" },
  ];
}

/** The namespace of the lines is the last. */
function tenTenants(): Record<string, string> {
  const others = Array.from({ length: 9 }, (_, index) => [`other-${index}`, `team-${index}`]);
  return Object.fromEntries([...others, ["shop", "team-9"]]) as Record<string, string>;
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";

/** A copy of a stack's file that includes overrides, for one operation. Undefined without overrides. */
export function overriddenConfig(
  workDir: string,
  stack: string,
  overrides: Readonly<Record<string, string>> = {},
): { file: string; remove: () => void } | undefined {
  if (Object.keys(overrides).length === 0) return undefined;
  const name = `Pulumi.${basename(stack)}.yaml`;
  const content = (parse(readFileSync(join(workDir, name), "utf8")) ?? {}) as {
    config?: Record<string, unknown>;
  };
  const folder = mkdtempSync(join(tmpdir(), "logharbor-"));
  const file = join(folder, name);
  // Pulumi reads YAML 1.1, which takes a text such as 2026-02-12 for a date unless it is quoted.
  writeFileSync(file, stringify({ ...content, config: { ...content.config, ...overrides } }, { version: "1.1" }), {
    mode: 0o600,
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

import { RunError } from "@pulumi/pulumi/errors";

import type { SettingProblem } from "../domain/problem";

/**
 * The config of a stack cannot be used. The message lists every problem, one per line. The engine shows it without a
 * stack trace, because it is a RunError.
 */
export class ConfigError extends RunError {
  constructor(readonly problems: readonly SettingProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      [
        `${count} in the stack's config:`,
        ...problems.map(({ key, problem, remedy }) => `  logharbor:${key} ${problem}; ${remedy}`),
      ].join("\n"),
    );
    this.name = "ConfigError";
  }
}

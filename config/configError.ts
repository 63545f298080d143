import { OperatorError, type SettingProblem } from "../domain/problem";

/** The config of a stack cannot be used. The message lists every problem with its remedy, one per line. */
export class ConfigError extends OperatorError {
  constructor(readonly problems: readonly SettingProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      [
        `${count} in the stack's config:`,
        ...problems.map(({ key, problem, remedy }) => `  logharbor:${key} ${problem}; ${remedy}`),
      ].join("\n"),
      [],
      { code: "config" },
    );
    this.name = "ConfigError";
  }
}

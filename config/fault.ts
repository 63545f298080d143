import { RunError } from "@pulumi/pulumi";

/** One thing that is wrong with the stack's config. */
export interface Fault {
  /** Path of the setting without the namespace, such as `loki.limits.ingestionRateMb`. */
  key: string;
  /** What is wrong, continuing "<key> …". */
  problem: string;
  /** What to write or do instead. */
  remedy: string;
}

/**
 * The config of a stack is unusable; the message lists every fault, one a line. The engine shows a RunError without a
 * stack trace.
 */
export class ConfigError extends RunError {
  constructor(readonly faults: readonly Fault[]) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    super(
      [`${count} in the stack's config:`, ...faults.map((f) => `  logharbor:${f.key} ${f.problem}; ${f.remedy}`)].join(
        "\n",
      ),
    );
    this.name = "ConfigError";
  }
}

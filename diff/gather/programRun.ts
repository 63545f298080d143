import type { Recorded } from "./recorder";

/** Which program to run, and with what. */
export interface ProgramRun {
  /** Folder of a checkout. */
  folder: string;
  /** Where relative paths in the config start. */
  cwd: string;
  /** The stack's config, by full key, in clear. */
  config: Record<string, string>;
  project: string;
  stack: string;
  /** What the program would find in the cluster; see `LoggingStackArgs`. */
  prometheusOperator: boolean;
  /** Generated passwords that exist, by the name of their resource. */
  generated: Record<string, { length: number; result: string }>;
}

/** What the process that ran the program answers. */
export type ProgramAnswer =
  | { resources: Recorded[] }
  | {
      /** Why it failed. */
      problem: string;
      /** Whether the text is for people, as that of an OperatorError is. */
      explained: boolean;
    };

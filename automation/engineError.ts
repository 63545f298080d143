import { hostname } from "node:os";
import { OperatorError, type ErrorCode, type Problem } from "../domain/problem";

/** Who holds a stack's lock, as a self-managed backend reports it. */
export interface LockHolder {
  user: string;
  host: string;
  pid: number;
}

/** A failure of the engine that we recognize by its words. */
type KnownFailure = Pick<Problem, "remedy"> & Partial<Problem> & { pattern: RegExp; code?: ErrorCode };

/**
 * Failures that need a better answer than the engine's own words. `problem` replaces those words if they help nobody;
 * `remedy` says what to do; `code` is `engine` unless it is given.
 */
const knownFailures: readonly KnownFailure[] = [
  {
    pattern: /ENOENT.*pulumi|spawn pulumi/,
    code: "backend",
    problem: "The Pulumi CLI is not on the PATH.",
    remedy: [
      "install it: https://www.pulumi.com/docs/install/",
      "or try the local platform, which brings its own: npm start",
    ],
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set/,
    code: "backend",
    problem: "Pulumi is not logged in to a state backend.",
    remedy: ["pulumi login (Pulumi Cloud), or pulumi login s3://BUCKET, or pulumi login --local"],
  },
  {
    pattern: /passphrase must be set|incorrect passphrase/,
    code: "backend",
    problem: "The passphrase that encrypts the stack's secrets is missing or wrong.",
    remedy: ["set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE"],
  },
  {
    pattern: /no resource plugin '|[Cc]ould not automatically download and install .*plugin|failed to load plugin/,
    remedy: [
      "fetch the plugins on a machine with open network access: pulumi install (in this folder) stores them in ~/.pulumi/plugins",
    ],
  },
  {
    pattern: /not a valid chart repository or cannot be reached|failed to (fetch|pull|download) .*(chart|oci:)/,
    remedy: [
      "check the network; or name a mirror: pulumi config set --path logharbor:charts.PART.repository URL",
      "or use a local copy: pulumi config set --path logharbor:charts.PART.path FOLDER_OR_TGZ",
    ],
  },
  {
    pattern: /no space left on device|ENOSPC/,
    remedy: ["free some disk space, then run the same command again: it continues from there"],
  },
  {
    pattern: /was killed with SIG(\w+)/,
    problem: "Something killed the Pulumi engine, perhaps because memory ran out.",
    remedy: ["run the same command again: it continues from there"],
  },
  {
    pattern: /context canceled|operation canceled/,
    code: "cancelled",
    remedy: ["it was interrupted: run the same command again, it continues from there"],
  },
  {
    pattern: /cluster is unreachable|connection refused|no such host|i\/o timeout.*:6443/,
    code: "cluster",
    remedy: ["npm run preflight shows what is wrong with the cluster or the kubeconfig"],
  },
  {
    pattern: /volumeClaimTemplates|updates to statefulset spec for fields other than/,
    remedy: [
      "Kubernetes does not let a StatefulSet's volumes change: set the size back to what it was",
      "or grow the claims by hand (kubectl edit pvc), delete the StatefulSet with --cascade=orphan, then run up",
    ],
  },
  {
    pattern:
      /another operation \(install\/upgrade\/rollback\) is in progress|cannot re-use a name that is still in use/,
    remedy: ["run the same command again: it repairs an interrupted release first"],
  },
  {
    pattern: /cannot be (deleted|replaced) because it is protected|marked for protection/,
    remedy: [
      "this change would delete stored logs: set it back",
      "or give up the logs: pulumi config set logharbor:protectData false, then up, then the change",
    ],
  },
  {
    pattern: /violates PodSecurity|forbidden: User/,
    remedy: ["npm run preflight lists the rights that are missing"],
  },
];

/** What we know about an operation that failed in the engine. */
export interface EngineFailure {
  /** Its name, such as "up". */
  operation: string;
  /** The engine's own diagnostics. Default: none. */
  errors?: readonly string[];
  /** All that it printed, used if there are no diagnostics. */
  text: string;
  /** What else we found, such as pods that are not ready. Default: nothing. */
  notes?: readonly string[];
  /** The error with which our own program failed. If it is an OperatorError, it has its remedy. Default: none. */
  cause?: unknown;
}

/** The error to show when the engine failed. Pure. */
export function engineFailure({ operation, errors = [], text, notes = [], cause }: EngineFailure): OperatorError {
  const explained = cause instanceof OperatorError;
  const stories = [...new Set(errors.map(withoutStack))].filter(
    (story) => !/^(update|preview|destroy|refresh) failed$/.test(story),
  );
  const words =
    errors.length > 0
      ? stories.filter((story) => !stories.some((other) => other !== story && other.includes(story)))
      : errorLines(text);
  const known = knownFailures.find(({ pattern }) => pattern.test([...errors, text].join("\n")));
  const problem =
    known?.problem ??
    [`${operation} failed:`, ...[...words, ...notes].map((word) => `  ${word.replaceAll("\n", "\n  ")}`)].join("\n");
  return new OperatorError(
    problem,
    known?.remedy ?? (explained ? [] : "fix that, then run the same command again: it continues from there"),
    { cause, code: known?.code ?? (cause instanceof OperatorError ? cause.code : "engine") },
  );
}

/** Reads from the engine's error who holds the lock. Pure. */
export function lockHolder(text: string): LockHolder | undefined {
  const match = /created by (\S+)@(\S+) \(pid (\d+)\)/.exec(text);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { user: match[1], host: match[2], pid: Number(match[3]) };
}

/** Whether the lock's holder was a process of this machine that no longer runs. */
export function isStale(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** The error while another operation works on the stack. */
export function stackBusy(stack: string, holder: LockHolder | undefined): OperatorError {
  const who = holder === undefined ? "another operation" : `${holder.user}@${holder.host} (process ${holder.pid})`;
  return new OperatorError(
    `Stack "${stack}" is locked by ${who}.`,
    ["wait until that has ended", `if it was killed: pulumi cancel --stack ${stack}`],
    { code: "busy" },
  );
}

/** The error of an operation that was cancelled and then ended with an error: that one, if it says more. Pure. */
export function orCancelled(operation: string, error: unknown): unknown {
  const follows = !(error instanceof OperatorError) || error.code === "engine" || error.code === "cancelled";
  if (!follows) return error;
  return new OperatorError(`${operation} was cancelled.`, "run the same command again: it continues from there", {
    cause: error,
    code: "cancelled",
  });
}

/**
 * Whether the engine lost count of the program's resources, as it does at the end of a refresh that finds one gone. It
 * has noted that by then; the next up makes it again.
 */
export function isLostRegistration(text: string): boolean {
  return text.includes("registration isn't pending");
}

/** Whether the CLI says that a stack does not exist. */
export function isNoStack(text: string): boolean {
  return /no stack named.*found/.test(text);
}

/** The error for a stack that the backend does not have. */
export function noStack(name: string): OperatorError {
  return new OperatorError(
    `This backend has no stack "${name}".`,
    [
      `create it: npm run up -- --stack ${name}`,
      "pulumi stack ls shows those that exist; pulumi login chooses the backend",
    ],
    { code: "no-stack" },
  );
}

/** Drops the stack trace: it does not help people who only set a value. */
function withoutStack(text: string): string {
  return text
    .replace(/^Unhandled exception: (\w*Error: )?/, "")
    .split("\n")
    .filter((line) => !/^\s+at .*[(:]/.test(line))
    .join("\n");
}

/** The lines that the CLI itself called errors, each once; if there are none, its last lines. */
function errorLines(text: string): string[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const errors = lines.flatMap((line) => /^error: (.*)/.exec(line)?.[1] ?? []);
  return errors.length > 0 ? [...new Set(errors)] : lines.slice(-12);
}

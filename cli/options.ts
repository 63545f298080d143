import { InvalidArgumentError, Option, type Command } from "commander";
import { parseDuration } from "../domain/duration";
import { OperatorError } from "../domain/problem";
import { faultOf } from "../domain/regularExpression";
import { levels, type Level } from "../logs/lineFilter";

/** Milliseconds of a duration such as `15m`, for an option. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** A whole number, at least 1, for an option. */
export function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Write a whole number, at least 1.");
  return number;
}

const timePattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.(\d{1,9}))?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** A moment in nanoseconds since 1970: a time, or how long ago it was. For an option. */
export function moment(text: string): bigint {
  const [whole, fraction = ""] = timePattern.exec(text) ?? [];
  if (whole === undefined) {
    try {
      return BigInt(Math.round(Date.now() - parseDuration(text))) * 1_000_000n;
    } catch {
      throw new InvalidArgumentError(
        "Write how long ago, such as 15m or 2d, or a time, such as 2026-11-26 (UTC) or 2026-11-26T18:00:00Z.",
      );
    }
  }
  const seconds = Date.parse(whole.replace(`.${fraction}`, "")) / 1000;
  if (Number.isNaN(seconds)) throw new InvalidArgumentError("There is no such time.");
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** Collects names: an option may be repeated, and may hold several with commas between them. */
export function names(text: string, before: readonly string[] = []): string[] {
  const given = text.split(",").map((name) => name.trim());
  if (given.includes("")) throw new InvalidArgumentError("Write a name, or several with commas between them.");
  return [...before, ...given];
}

/** Collects levels, as {@link names} does. */
export function levelNames(text: string, before: readonly Level[] = []): Level[] {
  const given = names(text.toLowerCase());
  const known = (name: string): name is Level => levels.some((level) => level === name);
  if (!given.every(known)) throw new InvalidArgumentError(`Levels are ${levels.join(", ")}.`);
  return [...before, ...given];
}

/** Collects regular expressions (RE2) of an option that may be repeated. */
export function expressions(text: string, before: readonly string[] = []): string[] {
  const fault = faultOf(text);
  if (fault !== undefined)
    throw new InvalidArgumentError(
      `It is no regular expression (https://github.com/google/re2/wiki/Syntax): ${fault}.`,
    );
  return [...before, text];
}

/** Which streams. */
export interface StreamOptions {
  namespace?: string[];
  app?: string[];
  container?: string[];
  tenant?: string;
}

/** Adds options that choose streams, in the words of kubectl. */
export function withStreams(command: Command): Command {
  return command
    .option("-n, --namespace <names>", "of these namespaces; * stands for any characters", names)
    .option("--app <names>", "of these apps: the pod's label app.kubernetes.io/name, app or k8s-app", names)
    .option("--container <names>", "of these containers", names)
    .option("--tenant <name>", "of this tenant (default: that of the namespaces, else the stack's own)");
}

/** Which time. */
export interface SpanOptions {
  since?: bigint;
  until?: bigint;
}

/** Adds options that choose a time. */
export function withSpan(command: Command): Command {
  return command
    .addOption(
      new Option("--since <time>", "from when on: how long ago, such as 15m or 2d, or a time (default: 1h)").argParser(
        moment,
      ),
    )
    .addOption(new Option("--until <time>", "until when, written like --since (default: now)").argParser(moment));
}

const hourNs = 3_600_000_000_000n;

/**
 * The range that options name: an hour, unless they say more.
 * @throws OperatorError if it ends before it begins.
 */
export function spanOf({ since, until }: SpanOptions): { start: bigint; end: bigint } {
  const end = until ?? BigInt(Date.now()) * 1_000_000n;
  const start = since ?? end - hourNs;
  if (start >= end)
    throw new OperatorError(
      "--since is not before the end of the range.",
      "write an earlier --since, such as 1h, or a later --until",
    );
  return { start, end };
}

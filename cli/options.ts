import { InvalidArgumentError } from "commander";
import { parseDuration } from "../domain/duration";

/** Milliseconds of a duration such as `15m`, for an option. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

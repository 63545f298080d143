import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { nameInGeneration, type Generation } from "../domain/credentials";

/** A generated password. Each generation is a resource of its own, so a new one leaves the one before it as it is. */
export interface Password {
  /** The one in use. Secret. */
  current: pulumi.Output<string>;
  /** The one before it, while its readers change over. Secret. Default: it is no longer valid. */
  previous?: pulumi.Output<string>;
}

/** Generates a password of letters and digits. */
export function generatedPassword(
  name: string,
  { length, generation }: { length: number; generation: Generation },
  opts: pulumi.CustomResourceOptions,
): Password {
  const { current, previous } = generation;
  const made = (number: number) =>
    new random.RandomPassword(nameInGeneration(name, number), { length, special: false }, opts).result;
  return { current: made(current), ...(previous === undefined ? {} : { previous: made(previous) }) };
}

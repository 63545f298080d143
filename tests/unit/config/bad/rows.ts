import { childrenOf } from "../../../../config/paths";
import type { Overrides } from "../../../support/stack";

/** A config over the defaults of `dev` (or of the profile it names), and the one fault it has. */
export type BadConfig = [config: Overrides, key: string, problem: string, remedy: string];

export const whole = (min: number, max: number) => `must be a whole number from ${min} to ${max}`;
export const label = "must be a DNS label (lower-case letters, digits, hyphens, at most 63)";
export const bytes = "must be a Kubernetes quantity of bytes, at least 1Mi";
export const cores = "must be a Kubernetes quantity of CPU, from 1m to 1000 cores";
export const tenantName = "must be a Loki tenant (letters, digits and !._*'()-, at most 150)";
export const className = "must be the name of a StorageClass";
export const yesOrNo = "must be true or false";
export const notSet = "is not set";

/** Wrong values of a setting, and an example of a right one. */
export function wrong(key: string, problem: string, example: string, ...values: unknown[]): BadConfig[] {
  return values.map((value) => [at(key, value), key, problem, `write for example ${example}`]);
}

/** A number where text is wanted, as YAML reads it without quotes. */
export function unquoted(key: string, problem: string, value: number): BadConfig {
  return [at(key, value), key, problem, `put it in quotes: "${value}"`];
}

/** A setting that needs a value, and is null. */
export function isNull(key: string, byDefault: string): BadConfig {
  return [at(key, null), key, "is null, but needs a value", `leave it out for ${byDefault}`];
}

/** Values in the place of a group of settings. */
export function notGroup(key: string, ...values: unknown[]): BadConfig[] {
  const remedy = `write its settings below it: ${childrenOf(key.split(".")).join(", ")}`;
  return values.map((value) => [at(key, value), key, "must be a group of settings", remedy]);
}

/** A key that does not exist, and the setting that was meant. */
export function mistyped(key: string, value: unknown, meant: string): BadConfig {
  return [at(key, value), key, "is not a known setting", `did you mean ${meant}?`];
}

/** A key that does not exist, and is close to no setting. */
export function unknown(key: string, ...values: unknown[]): BadConfig[] {
  const known = childrenOf(key.split(".").slice(0, -1)).join(", ");
  return values.map((value) => [at(key, value), key, "is not a known setting", `settings here are ${known}`]);
}

/** The config with a value at a key such as `minio.servers` or `gateway.tenants[0]`. */
function at(key: string, value: unknown): Overrides {
  return key
    .split(/\.|(?=\[)/)
    .reduceRight<unknown>(
      (below, name) => (name === "[0]" ? [below] : Object.fromEntries([[name, below]])),
      value,
    ) as Overrides;
}

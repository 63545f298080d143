import { LoggingStack } from "../../components";
import { parseSettings } from "../../config/reader";
import type { Profile, Settings } from "../../config/settings";
import { record, type Recorded } from "./recorder";

/** Settings over a profile's defaults, nested as in a stack file. */
export type Overrides = Record<string, unknown>;

/** A remote tier with everything set. */
export const someTier = {
  kind: "s3",
  endpoint: "https://s3.example.com",
  bucket: "cold-logs",
  prefix: "logharbor",
  region: "eu-central-1",
  secret: "cold-tier",
};

/** Overrides in Pulumi's form: text unchanged, everything else as JSON; keys without their namespace. */
export function rawConfig(profile: Profile, overrides: Overrides = {}): Record<string, string> {
  const raw = Object.entries(overrides).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { profile, ...(Object.fromEntries(raw) as Record<string, string>) };
}

/** Config with the engine's keys: every setting under `logharbor:`. */
export function engineConfig(profile: Profile, overrides: Overrides = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rawConfig(profile, overrides)).map(([key, value]) => [`logharbor:${key}`, value]),
  );
}

export function settingsFor(profile: Profile, overrides: Overrides = {}): Settings {
  return parseSettings(rawConfig(profile, overrides));
}

/** Every resource of the whole stack. */
export async function stackResources(profile: Profile, overrides: Overrides = {}): Promise<Recorded[]> {
  const settings = settingsFor(profile, overrides);
  const { resources } = await record(
    {},
    () => new LoggingStack("logharbor", { settings, minioEndpoint: "http://127.0.0.1:39000" }),
  );
  return resources;
}

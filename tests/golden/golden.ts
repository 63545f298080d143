import { readFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import type { Profile } from "../../config/settings";
import type { Json, Recorded } from "../support/recorder";
import { stackResources } from "../support/stack";

export const profiles: readonly Profile[] = ["dev", "prod"];

export const goldenFile = (profile: Profile) => join(__dirname, `${profile}.yaml`);

const remedy = "if that is meant, run `npm run golden:update` and review its diff";

export const settingsFile = join(__dirname, "../../docs/settings.md");

/** Every resource of a stack as YAML, in the order of their names, for review; secrets as "[secret]". */
export async function golden(profile: Profile, register = stackResources): Promise<string> {
  const resources = await register(profile);
  const sorted = [...resources].sort((a, b) => (a.name < b.name ? -1 : 1));
  const header =
    `# Every resource of a stack of profile ${profile} with its defaults. Written by \`npm run ` +
    "golden:update`: read its diff, never edit it.\n";
  return (
    header +
    stringify(Object.fromEntries(sorted.map((resource) => [resource.name, shown(resource)])), {
      lineWidth: 0,
      aliasDuplicateObjects: false,
    })
  );
}

export function storedGolden(profile: Profile): string {
  return readFileSync(goldenFile(profile), "utf8");
}

function shown({ type, parent, provider, dependencies, deletedWith, protect, inputs, outputs }: Recorded): {
  [key: string]: Json;
} {
  return {
    type,
    ...(parent === "" ? {} : { parent }),
    ...(provider === "" ? {} : { provider }),
    ...(dependencies.length === 0 ? {} : { after: dependencies }),
    ...(deletedWith === "" ? {} : { deletedWith }),
    ...(protect ? { protect } : {}),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs: readable(inputs) }),
    ...(outputs === undefined || Object.keys(outputs).length === 0 ? {} : { outputs: readable(outputs) }),
  };
}

/** Keys in order, JSON texts indented. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value === "string")
    return /^[{[]".*[}\]]$/.test(value) ? JSON.stringify(JSON.parse(value), undefined, 2) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, below]) => [key, readable(below)]),
  );
}

/** Fails with the lines that differ, as the reporter prints them. */
export function assertUnchanged(actual: string, expected: string, file: string): void {
  if (actual !== expected) throw Object.assign(new Error(`${file} differs; ${remedy}`), { actual, expected });
}

import { join } from "node:path";

import { stringify } from "yaml";
import { z } from "zod";

import { eventSchema } from "../../automation/events";
import type { Profile } from "../../config/settings";
import { reportSchema } from "../../diff/report";
import type { Json, Recorded } from "../support/recorder";
import { stackResources } from "../support/stack";
import { differences } from "./differences";
import { scenarios, type Scenario } from "./scenarios";

export const settingsFile = join(__dirname, "../../docs/settings.md");

/** The schema of what `npm run diff -- --format json` prints. */
export const diffSchema = {
  file: join(__dirname, "../../docs/diff.schema.json"),
  text: () => `${JSON.stringify(z.toJSONSchema(reportSchema), undefined, 2)}\n`,
};

/** The schema of the events that `npm run up -- --json` prints. */
export const eventsSchema = {
  file: join(__dirname, "../../docs/events.schema.json"),
  text: () => `${JSON.stringify(z.toJSONSchema(eventSchema), undefined, 2)}\n`,
};

/** A file of this folder: what is in it is held against what the program makes. */
export interface Golden {
  name: string;
  /** What belongs in it, with secrets as "[secret]". @param register makes the stack. Default: once for all tests */
  text: (register?: typeof stackResources) => Promise<string>;
}

export const goldens: readonly Golden[] = [ofProfile("dev"), ofProfile("prod"), ...scenarios.map(ofScenario)];

export function goldenFile({ name }: Golden): string {
  return join(__dirname, `${name}.yaml`);
}

/** Every resource of a stack. */
function ofProfile(profile: Profile): Golden {
  return {
    name: profile,
    text: async (register = stackResources) =>
      yaml(byName(await register(profile)), `Every resource of a stack of profile ${profile} with its defaults.`),
  };
}

/** What differs from the stack of the profile. */
function ofScenario({ name, profile, overrides }: Scenario): Golden {
  return {
    name,
    text: async (register = stackResources) =>
      yaml(
        differences(byName(await register(profile)), byName(await register(profile, overrides))),
        `What differs from ${profile}.yaml with ${JSON.stringify(overrides)}.`,
        "Of a list that has another length, only the elements that went (was) and came (is) are shown.",
      ),
  };
}

function yaml(content: { [key: string]: Json }, ...about: string[]): string {
  const header = `# ${about.join("\n# ")} Written by \`npm run golden:update\`: read its diff, never edit it.\n`;
  return header + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Resources as they are shown for review, in the order of their names. */
function byName(resources: readonly Recorded[]): { [name: string]: Json } {
  const sorted = [...resources].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(sorted.map((resource) => [resource.name, shown(resource)]));
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
  const remedy = "if that is meant, run `npm run golden:update` and review its diff";
  if (actual !== expected) throw Object.assign(new Error(`${file} differs; ${remedy}`), { actual, expected });
}

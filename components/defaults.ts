import { parseSettings } from "../config/stackConfig";
import { planOf, type Plan } from "../render/plan";

let plan: Plan | undefined;

/** The plan of a stack of the profile `dev`, made once. A component that is used alone takes its defaults from it. */
export function defaultPlan(): Plan {
  return (plan ??= planOf(parseSettings({ profile: "dev" })));
}

/** The spec with the values of the args in place of its own. An undefined arg changes nothing. */
export function over<T extends object>(spec: T, args: Partial<T>): T {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return { ...spec, ...(Object.fromEntries(given) as Partial<T>) };
}

import { parseSettings } from "../config/reader";
import { planOf, type Plan } from "../render/plan";

/** The plan of a stack of the profile `dev`, which has the defaults of a component that is used alone. */
export function defaultPlan(): Plan {
  return planOf(parseSettings({ profile: "dev" }));
}

/** The spec with what the args give in its place; an arg that is undefined gives nothing. */
export function over<T extends object>(spec: T, args: Partial<T>): T {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return { ...spec, ...(Object.fromEntries(given) as Partial<T>) };
}

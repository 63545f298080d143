import type { Report } from "./report";

/** Whether `up` would refuse it, or it violates a policy. */
export function isRefused({ dangers, policies }: Pick<Report, "dangers" | "policies">): boolean {
  return dangers.some(({ accepted }) => !accepted) || policies.length > 0;
}

/** When logs leave each tier, in days since they were written. docs/retention.md explains the tiers. */
interface Tiers {
  warmDays: number;
  coldDays?: number;
}

/** Days after which the compactor deletes logs: `coldDays` if the stack has a cold tier, else `warmDays`. */
export function keptDays({ coldDays, warmDays }: Tiers): number {
  return coldDays ?? warmDays;
}

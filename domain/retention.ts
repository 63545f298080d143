/** Days that logs stay in each tier; what the tiers are for is in docs/retention.md. */
interface Tiers {
  warmDays: number;
  coldDays?: number;
}

/** Days after which the compactor deletes logs: those of the last tier that the stack has. */
export function keptDays({ coldDays, warmDays }: Tiers): number {
  return coldDays ?? warmDays;
}

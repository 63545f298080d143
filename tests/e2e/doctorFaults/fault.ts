import { textOf } from "../../../domain/problem";
import type { Check, Place } from "../../../doctor/finding";
import type { Overrides, Platform } from "../../support/platform";

/** Something that we break on purpose, and what doctor has to name then. */
export interface DoctorFault {
  /** What is broken; continues "names". */
  title: string;
  /** What doctor names, and nothing else as a cause. */
  cause: `${Place}/${Check}`;
  /**
   * Breaks it, calls `work` with the settings that the stack has meanwhile, and mends it, also if the work fails.
   */
  within: (p: Platform, work: (overrides?: Overrides) => Promise<void>) => Promise<unknown>;
  /** Whether the stack can have this fault. Default: it can. */
  holds?: (p: Platform) => boolean;
  /** How long the fault may take until it shows. Default: 90. */
  seconds?: number;
}

/** A fault that is broken and mended by one step each. */
export function broken(
  fault: (p: Platform) => Promise<unknown>,
  mend: (p: Platform) => Promise<unknown>,
): DoctorFault["within"] {
  return async (p, work) => {
    try {
      await fault(p);
      await work();
    } finally {
      await mend(p);
    }
  };
}

/**
 * The remedy that doctor names for what is gone. A refresh that finds a right of Loki's user gone
 * notes that, and then fails at Loki, which needs it; up goes on from there.
 */
export async function madeAgain(p: Platform): Promise<void> {
  await (await p.stack()).refresh().catch((error: unknown) => {
    if (!/registration isn't pending/.test(textOf(error))) throw error;
  });
  await (await p.stack()).up();
}

/** Changes fields of an object by its path in the Kubernetes API. */
export async function patched(p: Platform, path: string, change: object): Promise<unknown> {
  return p.cluster.ask("PATCH", path, change);
}

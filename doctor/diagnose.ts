import type { Facts } from "./facts";
import { gather } from "./gather/gather";
import type { Place } from "./gather/home";
import { judge } from "./judge";
import { figuresOf } from "./judges/canary";
import type { Diagnosis } from "./report";

/**
 * Looks at a stack and says what is wrong with it. Changes nothing.
 * @throws OperatorError if the cluster can't be reached
 */
export async function diagnosed(target: Omit<Place, "sight">): Promise<{ facts: Facts; diagnosis: Diagnosis }> {
  const began = Date.now();
  const facts = await gather(target);
  const findings = judge(facts);
  const diagnosis = { findings, unseen: facts.unseen, canaries: figuresOf(facts), tookMs: Date.now() - began };
  return { facts, diagnosis };
}

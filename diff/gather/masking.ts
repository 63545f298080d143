import { OperatorError, textOf } from "../../domain/problem";
import type { Danger, DangerName } from "../../domain/danger";
import { sorted } from "../../changes/dangers/gate";
import { reportOf, type Circumstances } from "../judge";
import { Mask, shown } from "../mask";
import type { Report } from "../report";
import type { Thing } from "../thing";

/** Both sides with their secrets, and what else is known. */
export interface Gathered extends Omit<Circumstances, "dangers"> {
  old: readonly Thing[];
  now: readonly Thing[];
  /** What the change would lose or break, and which of it the settings accept. */
  danger: { found: readonly Danger[]; allow: readonly DangerName[] };
}

/**
 * Compares what `gather` finds. Whatever leaves here, the errors too, has no secret that `gather` or the mask knows.
 * @param gather it may teach the mask secrets early, for its own errors
 */
export async function maskedReport(gather: (mask: Mask) => Promise<Gathered>): Promise<Report> {
  const mask = new Mask();
  const told = (text: string) => shown(mask.text(text));
  const gathered = await withoutSecrets(mask, async () => gather(mask));
  const { old, now, danger, ...known } = gathered;
  mask.learn(old);
  mask.learn(now);
  const { refused, passed } = sorted(danger.found, danger.allow);
  const dangerReport = (accepted: boolean) => (one: Danger) => ({
    key: one.key,
    problem: told(one.problem),
    remedy: told(one.remedy),
    ...(one.allow === undefined ? {} : { allow: one.allow }),
    accepted,
  });
  return reportOf(
    { before: old.map((thing) => mask.thing(thing)), after: now.map((thing) => mask.thing(thing)) },
    {
      ...known,
      dangers: [...refused.map(dangerReport(false)), ...passed.map(dangerReport(true))],
      policies: known.policies.map(({ policy, violation }) => ({ policy, violation: told(violation) })),
      notes: known.notes.map(told),
    },
  );
}

/** Does some work. Its error, if it has one, has no secret that the mask knows. */
export async function withoutSecrets<T>(mask: Mask, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Without its cause, which has the secrets still.
    const explained = error instanceof OperatorError;
    const text = shown(mask.text(explained ? error.message : ((error as Error).stack ?? textOf(error))));
    throw explained ? new OperatorError(text, []) : new Error(text);
  }
}

import * as pulumi from "@pulumi/pulumi";
import type { Danger, DangerName } from "../../domain/danger";
import { OperatorError, problemLines } from "../../domain/problem";
import type { Owner } from "../../render/ownership";
import type { Settings } from "../../config/settings";
import { dangersOf } from "./dangers";
import { existingStack } from "./existing";
import { lookAtCluster } from "../gate";

/**
 * The change would lose logs or fail half way; the message lists every danger with its remedy. The engine shows a
 * RunError without a stack trace.
 */
export class DangerError extends OperatorError {
  constructor(readonly dangers: readonly Danger[]) {
    const count = dangers.length === 1 ? "One change" : `${dangers.length} changes`;
    const texts = dangers.flatMap(dangerLines);
    super([`${count} would lose logs or fail half way, so nothing was touched:`, ...texts].join("\n"), []);
    this.name = "DangerError";
  }
}

/**
 * Looks at what there is of the stack in its cluster before anything is registered, in each preview and up alike.
 * Warns of what it could not see, of dangers that `allow` lets pass, and of an `allow` that nothing needs any more.
 * @throws DangerError with every danger that `allow` does not name.
 */
export async function passDangerGate(settings: Settings, owner: Owner): Promise<void> {
  const found = await lookAtCluster("what this would do to stored logs", (kubeConfig) =>
    existingStack(kubeConfig, owner, settings),
  );
  if (found === undefined) return;
  if (found.unseen.length > 0)
    await warn(`what this would do to stored logs was judged in part: no right to see ${found.unseen.join(", ")}`);
  const dangers = dangersOf(found.existing, settings, new Date().toISOString().slice(0, 10));
  const { refused, passed, unneeded } = sorted(dangers, settings.allow);
  if (refused.length > 0) throw new DangerError(refused);
  for (const { key, problem, allow } of passed)
    await warn(`logharbor:${key} ${problem}; it passes, as logharbor:allow names ${allow}`);
  if (unneeded.length > 0)
    await warn(
      `logharbor:allow names ${unneeded.join(", ")}, which nothing needs: take it out, or the next such change passes unseen`,
    );
}

/** Dangers by what `allow` makes of them. Pure. */
export function sorted(
  dangers: readonly Danger[],
  allow: readonly DangerName[],
): { refused: Danger[]; passed: Danger[]; unneeded: DangerName[] } {
  const isAllowed = (danger: Danger) => danger.allow !== undefined && allow.includes(danger.allow);
  return {
    refused: dangers.filter((danger) => !isAllowed(danger)),
    passed: dangers.filter(isAllowed),
    unneeded: allow.filter((name) => !dangers.some((danger) => danger.allow === name)),
  };
}

function dangerLines({ key, problem, remedy, allow }: Danger): string[] {
  const yes = allow === undefined ? [] : [`or say yes: pulumi config set --path 'logharbor:allow[0]' ${allow}`];
  return problemLines({ problem: `logharbor:${key} ${problem}`, remedy: [remedy, ...yes] }, "  ");
}

async function warn(text: string): Promise<void> {
  await pulumi.log.warn(text);
}

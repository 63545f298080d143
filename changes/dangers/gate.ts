import * as pulumi from "@pulumi/pulumi";
import type { Danger, DangerName } from "../../domain/danger";
import { OperatorError, problemLines } from "../../domain/problem";
import type { Owner } from "../../render/ownership";
import type { Settings } from "../../config/settings";
import { dangersOf } from "./dangers";
import { existingStack } from "./existing";
import { lookAtCluster } from "../gate";

/** The change would lose logs or fail halfway. The message lists every danger with its remedies. */
export class DangerError extends OperatorError {
  constructor(readonly dangers: readonly Danger[]) {
    const count = dangers.length === 1 ? "One change" : `${dangers.length} changes`;
    const texts = dangers.flatMap(dangerLines);
    super([`${count} would lose logs or fail halfway, so nothing was touched:`, ...texts].join("\n"), [], {
      code: "danger",
    });
    this.name = "DangerError";
  }
}

/**
 * Compares the settings with what exists in the cluster, before anything is registered, in every preview and up. Warns
 * about what it could not see, about dangers that `allow` accepts, and about names in `allow` that no change needs.
 * @param onAccepted called with each danger that `allow` accepts
 * @throws DangerError with every danger that `allow` does not name.
 */
export async function passDangerGate(
  settings: Settings,
  owner: Owner,
  onAccepted: (danger: Danger) => void = () => undefined,
): Promise<void> {
  const found = await lookAtCluster("whether this would lose stored logs", (kubeConfig) =>
    existingStack(kubeConfig, owner, settings),
  );
  if (found === undefined) return;
  if (found.unseen.length > 0)
    await warn(`only partly checked: whether this would lose stored logs; no right to see ${found.unseen.join(", ")}`);
  const dangers = dangersOf(found.existing, settings, new Date().toISOString().slice(0, 10));
  const { refused, passed, unneeded } = sorted(dangers, settings.allow);
  if (refused.length > 0) throw new DangerError(refused);
  passed.forEach(onAccepted);
  for (const { key, problem, allow } of passed)
    await warn(`logharbor:${key} ${problem}; accepted, because logharbor:allow names ${allow}`);
  if (unneeded.length > 0)
    await warn(
      `logharbor:allow names ${unneeded.join(", ")}, which no change needs: remove it, or the next such change is accepted too`,
    );
}

/** Sorts dangers by whether `allow` names them, and lists the names in `allow` that no danger needs. Pure. */
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
  const yes = allow === undefined ? [] : [`or accept it: pulumi config set --path 'logharbor:allow[0]' ${allow}`];
  return problemLines({ problem: `logharbor:${key} ${problem}`, remedy: [remedy, ...yes] }, "  ");
}

async function warn(text: string): Promise<void> {
  await pulumi.log.warn(text);
}

import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config/settings";
import { collisionsOf, existingHomes, type Claimant, type Collision } from "./collisions";
import type { Owner } from "../../render/ownership";
import { OperatorError, problemLines } from "../../domain/problem";
import { lookAtCluster } from "../gate";
import { inventory } from "./inventory";
import { foundInStore, storeCollisions } from "./storeContent";

/** Others' things are in the stack's way; the message lists all of them with the ways on. */
export class CollisionError extends OperatorError {
  constructor(readonly collisions: readonly Collision[]) {
    const count = collisions.length === 1 ? "One thing is" : `${collisions.length} things are`;
    const texts = collisions.flatMap((collision) => problemLines(collision, "  "));
    super([`${count} in the stack's way, so nothing was touched:`, ...texts].join("\n"), []);
    this.name = "CollisionError";
  }
}

/**
 * Looks at what is there where the stack is to be before anything is registered, in each preview and up alike. What is
 * the stack's is known by its mark.
 * @throws CollisionError with everything that is not.
 */
export async function passOwnershipGate(settings: Settings, owner: Owner): Promise<void> {
  const found = await lookAtCluster("whether others' objects are in the way", (kubeConfig) =>
    foundCollisions(kubeConfig, { settings, owner }),
  );
  if (found === undefined) return;
  if (found.unseen.length > 0)
    await pulumi.log.warn(
      `whether others' objects are in the way was judged in part: no right to see ${found.unseen.join(", ")}`,
    );
  if (found.collisions.length > 0) throw new CollisionError(found.collisions);
}

/** What was found out about what is whose. */
export interface OwnershipFacts {
  collisions: Collision[];
  /** What could not be seen for want of rights. */
  unseen: string[];
  /** How the namespaces stand that are used as they are. */
  homes: string[];
}

/** What of others is in a stack's way. */
export async function foundCollisions(kubeConfig: KubeConfig, claimant: Claimant): Promise<OwnershipFacts> {
  const { settings, owner, known } = claimant;
  const { there, unseen } = await inventory(kubeConfig, settings, owner);
  const collisions = collisionsOf(there, claimant);
  const homes = existingHomes(there, settings);
  // What is in MinIO carries no mark: only the state tells whose it is.
  if (known === undefined) return { collisions, unseen, homes };
  const inStore = await foundInStore(kubeConfig, settings, known);
  return {
    collisions: [...collisions, ...storeCollisions(inStore.there, known)],
    unseen: [...unseen, ...inStore.unseen],
    homes,
  };
}

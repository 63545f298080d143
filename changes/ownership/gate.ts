import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config/settings";
import { collisionsOf, existingHomes, type Claimant, type Collision } from "./collisions";
import type { Owner } from "../../render/ownership";
import { OperatorError, problemLines } from "../../domain/problem";
import { lookAtCluster } from "../gate";
import { inventory } from "./inventory";
import { foundInStore, lostObjects, storeCollisions, type StoreObject } from "./storeContent";

/** Objects of others are in the stack's way. The message lists all of them, each with its remedies. */
export class CollisionError extends OperatorError {
  constructor(readonly collisions: readonly Collision[]) {
    const count = collisions.length === 1 ? "One thing is" : `${collisions.length} things are`;
    const texts = collisions.flatMap((collision) => problemLines(collision, "  "));
    super([`${count} in the stack's way, so nothing was touched:`, ...texts].join("\n"), [], { code: "collision" });
    this.name = "CollisionError";
  }
}

/**
 * Checks whether objects of others are in the stack's way, before anything is registered, in every preview and up. The
 * stack's own objects are known by their mark. Warns about what it could not see.
 * @throws CollisionError with everything that belongs to others.
 */
export async function passOwnershipGate(settings: Settings, owner: Owner): Promise<void> {
  const found = await lookAtCluster("whether objects of others are in the way", (kubeConfig) =>
    foundCollisions(kubeConfig, { settings, owner }),
  );
  if (found === undefined) return;
  if (found.unseen.length > 0)
    await pulumi.log.warn(
      `only partly checked: whether objects of others are in the way; no right to see ${found.unseen.join(", ")}`,
    );
  if (found.collisions.length > 0) throw new CollisionError(found.collisions);
}

/** What was found about the ownership of existing objects. */
export interface OwnershipFacts {
  /** Objects of others that are in the stack's way. */
  collisions: Collision[];
  /** Objects in MinIO that are the stack's although its state lacks them. */
  lost: StoreObject[];
  /** What the kubeconfig's user has no right to see, in words. */
  unseen: string[];
  /** Describes each existing namespace that the stack uses unchanged. */
  homes: string[];
}

/** Finds the objects of others that are in a stack's way. Changes nothing. Rejects if the cluster cannot be reached. */
export async function foundCollisions(kubeConfig: KubeConfig, claimant: Claimant): Promise<OwnershipFacts> {
  const { settings, owner, known, begun = new Set() } = claimant;
  const { there, unseen } = await inventory(kubeConfig, settings, owner);
  const collisions = collisionsOf(there, claimant);
  const homes = existingHomes(there, settings);
  // Only the state shows what it lacks of the objects in MinIO.
  if (known === undefined) return { collisions, lost: [], unseen, homes };
  const recorded = new Set([...known].filter((key) => !begun.has(key)));
  const inStore = await foundInStore(kubeConfig, settings, recorded);
  const lost = lostObjects(inStore, settings, begun);
  const foreign = inStore.there.filter((object) => !lost.includes(object));
  return {
    collisions: [...collisions, ...storeCollisions(foreign)],
    lost,
    unseen: [...unseen, ...inStore.unseen],
    homes,
  };
}

import { createHash } from "node:crypto";
import * as path from "node:path";
import { cacheDir } from "../cache";

/**
 * The fixed facts of one local node. All follow from its directory, so nodes in different caches do not collide.
 */
export interface Node {
  /** Directory that holds everything of the node; it is removed with the node. */
  readonly dir: string;
  /** Root file system of the node's processes. */
  readonly root: string;
  /** kubeconfig of the cluster's administrator. */
  readonly kubeconfig: string;
  /** Output of the node's processes from before their own logs began. */
  readonly bootLog: string;
  /** Logs of the node's processes, one file each. */
  readonly logs: string;
  /** Name of its cgroup, and of the network interface that connects it to the machine (at most 15 characters). */
  readonly id: string;
}

/** Name of the context in the cluster's kubeconfig. */
export const contextName = "logharbor-local";

/** The node whose directory is `dir`. */
export function nodeAt(dir: string): Node {
  const root = path.join(dir, "root");
  return {
    dir,
    root,
    kubeconfig: path.join(dir, "kubeconfig"),
    bootLog: path.join(dir, "boot.log"),
    logs: path.join(root, "var/log/node"),
    id: `logharbor-${createHash("sha256").update(dir).digest("hex").slice(0, 4)}`,
  };
}

/** The node of this user's cache. */
export function localNode(): Node {
  return nodeAt(path.join(cacheDir(), "cluster"));
}

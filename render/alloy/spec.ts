import type { Settings } from "../../config/settings";
import type { LokiClient, PartSpec } from "../part";

/** What Alloy is made from. */
export interface AlloySpec extends PartSpec, LokiClient {
  /**
   * `files`: from /var/log/pods of the node, which makes the namespace privileged. `kubernetes-api`: through the API
   * server, without a host path; it can miss lines of short-lived containers. Default: `files`.
   */
  source: Settings["alloy"]["source"];
  /** Where the pod's name goes: `structured-metadata` or `label`. Default: `structured-metadata`. */
  podAs: Settings["alloy"]["podAs"];
  /** Namespaces whose logs are not collected. Default: none. */
  excludeNamespaces: readonly string[];
  /** Lines a second that a node's Alloy takes of a namespace, and of an app; it drops the rest. Default: all. */
  limits: Settings["alloy"]["limits"];
}

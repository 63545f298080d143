import type { Settings } from "../../config/settings";
import type { CanarySpec } from "../canary/spec";
import type { EventsSpec } from "../events/spec";
import type { Identity, LokiClient, PartSpec } from "../part";
import type { NamespaceTenants } from "./tenants";

/** Everything that Alloy's release depends on. */
export interface AlloySpec extends PartSpec, Identity, LokiClient, NamespaceTenants {
  /**
   * How Alloy reads logs. `files`: from /var/log/pods on the node, which needs a privileged namespace.
   * `kubernetes-api`: through the API server, without a host path; this can miss lines of short-lived containers.
   * Default: `files`.
   */
  source: Settings["alloy"]["source"];
  /** Where to put the pod's name: `structured-metadata` or `label`. Default: `structured-metadata`. */
  podAs: Settings["alloy"]["podAs"];
  /** Namespaces whose logs are not collected. Default: none. */
  excludeNamespaces: readonly string[];
  /** The kubelets' folder of pods' logs. Default: /var/log/pods. */
  podLogsDir: string;
  /** Log files of the nodes, besides those of pods. Default: none. */
  hostFiles: Settings["alloy"]["hostFiles"];
  /** The journals of the nodes. Default: not read. */
  journal: Settings["alloy"]["journal"];
  /** SELinux type of its containers if it reads files; empty: the runtime's. Default: empty. */
  seLinuxType: string;
  /** Most lines per second that Alloy takes from a namespace, and from an app, on one node. Default: no limit. */
  limits: Settings["alloy"]["limits"];
  /** Whose logs are collected: all but those that opt out, or only those that opt in. Default: `all`. */
  collect: Settings["alloy"]["collect"];
  /** Fields of lines that are copied into their structured metadata. Default: none. */
  fields: readonly string[];
  /** Lines to keep, to drop or to thin out. Default: all are kept. */
  rules: Settings["alloy"]["rules"];
  /** Which lines are joined to one entry. Default: none. */
  multiline: Settings["alloy"]["multiline"];
  /** Secrets to mask in lines. Default: nothing. */
  mask: Settings["alloy"]["mask"];
  /** Further components, which docs/escape-hatches.md describes. Default: none. */
  pipeline: Settings["alloy"]["pipeline"];
  /** Labels of every line besides ours, such as that of the cluster. Default: none. */
  externalLabels: Settings["alloy"]["externalLabels"];
  /** The canary, in Alloy's namespace. Default: none. */
  canary?: CanarySpec;
  /** The reader of events, in Alloy's namespace. Default: none. */
  events?: EventsSpec;
}

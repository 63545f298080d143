import type { NamespaceTenants } from "../alloy/tenants";
import type { Image, Resources, Settings } from "../../config/settings";
import type { Identity, LokiClient, PartSpec, Pods } from "../part";

/** Everything that the reader of events depends on. It lives in Alloy's namespace, and logs in as Alloy does. */
export interface EventsSpec
  extends
    LokiClient,
    NamespaceTenants,
    Pods,
    Identity,
    Pick<PartSpec, "certificates" | "fixedUserIds" | "ipFamilies" | "namespace" | "pullSecrets" | "scrapeAnnotations"> {
  /** Namespaces whose events are not collected. Default: none. */
  excludeNamespaces: readonly string[];
  /** Secrets to mask in events. Default: nothing. */
  mask: Settings["alloy"]["mask"];
  /** Labels of every event besides ours. Default: none. */
  externalLabels: Settings["alloy"]["externalLabels"];
  /** Its image: Alloy's. Default: the pinned one. */
  image: Image;
  /** What its pod reserves, and what it may use. Default: that of the settings. */
  resources: Resources;
  /** StorageClass of the volume with its position. Default: the cluster's. */
  storageClass?: string;
}

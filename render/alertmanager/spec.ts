import type { Pods } from "../part";
import type { Image, Settings } from "../../config/settings";

/** Everything that the stack's own Alertmanager depends on. Groups have the meaning of `alerts.own`. */
export interface AlertmanagerSpec extends Omit<Settings["alerts"]["own"], "receiverPorts">, Pods {
  /** Namespace of its objects: Loki's. */
  namespace: string;
  /** Its image. Default: the pinned one. */
  image: Image;
  /** Secret of type kubernetes.io/dockerconfigjson in the namespace; a list of at most one. Default: none. */
  pullSecrets: readonly string[];
  /** StorageClass of its volumes. Default: the cluster's. */
  storageClass?: string;
  /** Whether its pods run as the user of their image. If not, the platform assigns one. Default: true. */
  fixedUserIds: boolean;
  /** Families of pods' addresses, the cluster's first one first. Default: IPv4. */
  ipFamilies: Settings["ipFamilies"];
  /** How its replicas are spread over nodes and zones. Default: preferred, preferred. */
  spread: Settings["spread"];
}

import type {
  CoreV1Event,
  V1DaemonSet,
  V1Deployment,
  V1NetworkPolicy,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { StoreFacts } from "../cluster/storeTrial";
import type { HelmRecord } from "../cluster/helmRelease";
import type { Settings } from "../config/settings";
import type { Part } from "../domain/parts";
import type { Kind } from "../render/objects";
import type { Owner } from "../render/ownership";
import type { RuleState } from "../logs/alerts";
import type { Place } from "./finding";
import type { Watched } from "./metrics";

/*
 * What doctor found out, before anything is judged. A field that is undefined could not be seen.
 */

/** Everything that was found out about a stack. */
export interface Facts {
  /** When the look began. */
  at: Date;
  settings: Settings;
  owner: Owner;
  nodes?: readonly V1Node[];
  /** Ready pods of the cluster's DNS. */
  dnsReady?: number;
  /** Whether Alloy's ClusterRole and its binding exist. */
  clusterRole?: RoleState;
  /** The same of the reader of events, if the stack has one. */
  eventsRole?: RoleState;
  homes: Partial<Record<Part, Home>>;
  lokis: readonly LokiState[];
  alloys: readonly AlloyState[];
  canaries: readonly CanaryState[];
  minios: readonly MinioState[];
  store: StoreState;
  /** Status with which Loki's gateway answers the login of a part; undefined without a login. */
  logins: Partial<Record<Part, number>>;
  /** The rules of Loki's rulers, by tenant. Without a tenant whose rules could not be seen. */
  rules: ReadonlyMap<string, readonly RuleState[]>;
  /** Every Alertmanager that should get the alerts of logs. */
  alertmanagers: readonly AlertmanagerState[];
  grafanas: readonly GrafanaState[];
  /** Time of the newest line in Loki by node, of the last hour; null without one. */
  newest: ReadonlyMap<string, Date | null>;
  /** How full the volumes of pods are. */
  volumes: readonly VolumeUse[];
  /** Differences of clocks and ends of certificates, as the answers of pods show them. */
  shown: readonly Shown[];
  /** What could not be seen, and the right that this takes. */
  unseen: readonly string[];
}

/** Whether a ClusterRole and its binding exist. */
export interface RoleState {
  role: boolean;
  binding: boolean;
}

/** What is in a part's namespace. */
export interface Home {
  namespace: string;
  exists: boolean;
  /** The part's pods. */
  pods?: readonly V1Pod[];
  claims?: readonly V1PersistentVolumeClaim[];
  deployments?: readonly V1Deployment[];
  statefulSets?: readonly V1StatefulSet[];
  daemonSets?: readonly V1DaemonSet[];
  policies?: readonly V1NetworkPolicy[];
  releases?: readonly HelmRecord[];
  events?: readonly CoreV1Event[];
  /** Ready pods behind each Service, by its name. */
  services?: ReadonlyMap<string, number>;
  /** Time of the last change of each Secret, by its name. */
  secrets?: ReadonlyMap<string, Date>;
  /** Names of objects whose content nobody asks for. */
  names: Partial<Record<Kind, readonly string[]>>;
  /** The newest log lines of the part's containers, by `pod/container`. */
  logs: ReadonlyMap<string, string>;
}

/** One process of Loki. */
export interface LokiState {
  pod: string;
  /** Its answer at `/ready`. */
  ready?: { status: number; body: string };
  metrics?: Watched;
  /** Why it did not answer. */
  silent?: string;
}

/** One Alloy. */
export interface AlloyState {
  pod: string;
  node: string;
  components?: readonly AlloyComponent[];
  metrics?: Watched;
  silent?: string;
}

/** A component of Alloy's pipeline. */
export interface AlloyComponent {
  id: string;
  health: string;
  message: string;
}

/** One canary. */
export interface CanaryState {
  pod: string;
  node: string;
  metrics?: Watched;
}

/** One MinIO server. */
export interface MinioState {
  pod: string;
  /** Status of `/minio/health/live`. */
  live?: number;
  /** Status of `/minio/health/cluster`, which is 503 without a write quorum. */
  cluster?: number;
  silent?: string;
}

/** One Alertmanager, asked with the login that Loki has. */
export interface AlertmanagerState {
  /** Its address, or where it runs, as words after "Alertmanager". */
  url: string;
  /** Status of `/api/v2/status`, and what it says. */
  answer?: { status: number; body: string; location?: string };
  /** Why Loki does not trust its certificate. */
  distrust?: string;
  /** Why it did not answer. */
  silent?: string;
}

/** One Grafana. */
export interface GrafanaState {
  pod: string;
  /** Its answer at `/api/health`. */
  health?: { status: number; body: string };
  silent?: string;
}

/** The object store, as its users see it. */
export interface StoreState {
  /** What Loki's user gets from each bucket: "ok", or the error's code. Undefined if nobody could ask. */
  buckets?: ReadonlyMap<string, string>;
  /** Each drive, as MinIO reports it to its root user. */
  drives?: readonly Drive[];
  /** The object store that was there already, if Loki stores in it. */
  existing?: StoreFacts;
}

/** A drive of MinIO. */
export interface Drive {
  server: string;
  path: string;
  state: string;
  totalBytes: number;
  freeBytes: number;
}

/** A volume that a pod mounts. */
export interface VolumeUse {
  namespace: string;
  pod: string;
  claim: string;
  freeBytes: number;
  capacityBytes: number;
}

/** What a pod's answer showed beside its content. */
export interface Shown {
  part: Place;
  pod: string;
  /** Undefined for a pod that is not the platform's. */
  node?: string;
  aheadMs?: number;
  certificateEnds?: Date;
}

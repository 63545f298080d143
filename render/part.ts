import type { ChartSource, Image, Resources, Settings } from "../config/settings";
import type { Generation } from "../domain/credentials";
import type { Values } from "./pod";

/** Where a part's pods run, and what they carry. The names and forms are Kubernetes'. Default: what Kubernetes does. */
export type Pods = Pick<
  Settings["minio"],
  | "nodeSelector"
  | "tolerations"
  | "affinity"
  | "priorityClassName"
  | "podAnnotations"
  | "podLabels"
  | "serviceAnnotations"
>;

/** What pods with a ServiceAccount of their own may have besides. Default: nothing. */
export type Identity = Pick<Settings["loki"], "serviceAccountAnnotations" | "envFromSecrets">;

/** What the release of every part depends on. Defaults are those of the profile `dev`: docs/settings.md. */
export interface PartSpec extends Pods {
  /** Namespace to create and install into. Default: `logharbor-` and the part's name. */
  namespace: string;
  /** Whether the namespace already exists. If so, it stays unchanged. Default: false. */
  existingNamespace: boolean;
  /** The part's Helm chart. Default: the pinned version from its upstream repository. */
  chart: ChartSource;
  /** The part's image. Default: the pinned one. */
  image: Image;
  /** Secret of type kubernetes.io/dockerconfigjson in the namespace; a list of at most one. Default: none. */
  pullSecrets: readonly string[];
  /** What one replica reserves, and what it may use. Default: that of `dev`. */
  resources: Resources;
  /**
   * Who creates the certificates of MinIO and Loki's gateway: `cert-manager`, or you (`given`), in the Secret
   * `logharbor-tls` of the namespace. Default: `none`, plain HTTP.
   */
  certificates: Settings["tls"]["certificates"];
  /** cert-manager ClusterIssuer that signs the certificates. Default: none. Required with `cert-manager`. */
  issuer?: string;
  /** Whether pods run as the users of their images. If not, the platform assigns users and groups. Default: true. */
  fixedUserIds: boolean;
  /** Families of pods' addresses, the cluster's first one first. Default: IPv4. */
  ipFamilies: Settings["ipFamilies"];
  /** Domain of the cluster's Services. Default: cluster.local. */
  clusterDomain: string;
  /** Whether its pods carry annotations that ask a Prometheus to scrape them. Default: false. */
  scrapeAnnotations: boolean;
  /** Further values of its chart, which docs/escape-hatches.md describes. Default: none. */
  extraValues: Values;
}

/** How a part reaches Loki. */
export interface LokiClient {
  /** URL of Loki's gateway, or of its only process, without a path, such as `http://loki.logharbor-loki.svc:3100`. */
  lokiUrl: string;
  /** Loki's tenant (X-Scope-OrgID). Default: `logharbor`. */
  tenant: string;
  /** Whether Loki's gateway asks for the tenant's name and password. */
  login: boolean;
  /** Generation of that password. Default: the first. */
  loginGeneration: Generation;
}

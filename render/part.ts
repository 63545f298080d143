import type { ChartSource, Image, Resources, Settings } from "../config/settings";

/** What every part is made from. Defaults are those of the profile `dev`: docs/settings.md. */
export interface PartSpec {
  /** Namespace to make and install into. Default: `logharbor-` and the part's name. */
  namespace: string;
  /** Whether that namespace is there already: then it stays as it is. Default: false. */
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
   * Who makes the certificates of MinIO and of Loki's gateway: `cert-manager`, or `given`, by you, in the Secret
   * `logharbor-tls` of the namespace. Default: `none`, plain HTTP.
   */
  certificates: Settings["tls"]["certificates"];
  /** ClusterIssuer of cert-manager that signs them. Default: none; needed with `cert-manager`. */
  issuer?: string;
}

/** How a part reaches Loki. */
export interface LokiClient {
  /** URL of Loki's gateway, or of its only process, without a path: `http://loki.logharbor-loki.svc:3100`. */
  lokiUrl: string;
  /** Loki's tenant (X-Scope-OrgID). Default: `logharbor`. */
  tenant: string;
  /** Whether Loki's gateway asks for the tenant's name and password. */
  login: boolean;
}

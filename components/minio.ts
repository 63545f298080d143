import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { ChartSource, Settings } from "../config/settings";
import { minioValues } from "../render/minioValues";
import { secretNames } from "../render/names";
import type { Policy } from "../render/networkPolicies";
import { certificate } from "./certificate";
import { podSecurityNamespace, tokenlessDefaultAccount } from "./namespace";
import { namespacePolicies } from "./networkPolicies";
import { pinnedRelease } from "./release";

/** Args of {@link Minio}. Each group is that of the stack's settings. */
export interface MinioArgs {
  /** Namespace to make and install into. */
  namespace: string;
  /** Servers, drives, volumes, resources. */
  minio: Settings["minio"];
  images: Settings["images"];
  chart: ChartSource;
  tls: Settings["tls"];
  /** How servers are spread over nodes and zones. */
  spread: Settings["spread"];
  /** StorageClass of the volumes. Default: the cluster's. */
  storageClass?: string;
  /** Refuse to delete or replace namespace and release. Default: false. */
  protectData?: boolean;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
}

const rootUser = "logharbor-root";

/** MinIO in a namespace of its own, with generated root credentials that live in a Secret. */
export class Minio extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;
  readonly rootUser: pulumi.Output<string>;
  /** Secret. */
  readonly rootPassword: pulumi.Output<string>;

  constructor(name: string, args: MinioArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Minio", name, {}, opts);
    const protect = args.protectData ?? false;

    const namespace = podSecurityNamespace(`${name}-namespace`, "minio", args.namespace, "restricted", { parent: this, protect });
    const policies = namespacePolicies(name, namespace, args.policies, { parent: this });
    const certificates = certificate(name, "minio", namespace, { namespace: args.namespace, tls: args.tls }, { parent: this });
    const password = new random.RandomPassword(`${name}-root-password`, { length: 40, special: false }, { parent: this });
    const root = new k8s.core.v1.Secret(
      `${name}-root`,
      {
        metadata: { name: secretNames.minioRoot, namespace: namespace.metadata.name },
        stringData: { rootUser, rootPassword: password.result },
      },
      { parent: this },
    );
    const account = tokenlessDefaultAccount(`${name}-account`, namespace, { parent: this });
    this.release = pinnedRelease(
      `${name}-release`,
      { part: "minio", chart: args.chart, namespace: args.namespace, values: minioValues(args) },
      { parent: this, dependsOn: [namespace, root, account, ...policies, ...certificates], protect },
    );
    this.rootUser = pulumi.output(rootUser);
    this.rootPassword = password.result;
    this.registerOutputs({ rootUser: this.rootUser, rootPassword: this.rootPassword });
  }
}

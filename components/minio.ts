import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { ChartSource, Settings } from "../config/settings";
import { minioValues } from "../render/minio/values";
import { secretNames } from "../domain/names";
import type { Policy } from "../render/networkPolicies";
import { podLabelsOf } from "../render/ownership";
import { home } from "./home";
import { thisStack } from "./owner";
import { pinnedRelease } from "./release";

/** Args of {@link Minio}. Each group is that of the stack's settings. */
export interface MinioArgs {
  /** Namespace to make and install into. */
  namespace: string;
  /** Parts whose namespace is there already and stays as it is. Default: none. */
  existingNamespaces?: Settings["existingNamespaces"];
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

    const { existingNamespaces = [] } = args;
    const { namespace, isExisting, metadata, resources } = home(
      name,
      { ...args, part: "minio", level: "restricted", protect },
      { parent: this },
    );
    const password = new random.RandomPassword(
      `${name}-root-password`,
      { length: 40, special: false },
      { parent: this },
    );
    const root = new k8s.core.v1.Secret(
      `${name}-root`,
      {
        metadata: metadata(secretNames.minioRoot),
        stringData: { rootUser, rootPassword: password.result },
      },
      { parent: this },
    );
    // The account of others' pods is left as it is: there MinIO's pods mount its token.
    const account = isExisting ? [] : [tokenlessDefaultAccount(`${name}-account`, namespace, { parent: this })];
    const podLabels = podLabelsOf("minio", { existingNamespaces }, thisStack());
    this.release = pinnedRelease(
      `${name}-release`,
      { part: "minio", chart: args.chart, namespace: args.namespace, values: minioValues({ ...args, podLabels }) },
      { parent: this, dependsOn: [...resources, root, ...account], protect },
    );
    this.rootUser = pulumi.output(rootUser);
    this.rootPassword = password.result;
    this.registerOutputs({ rootUser: this.rootUser, rootPassword: this.rootPassword });
  }
}

/** Has pods that run as the namespace's default account, which Kubernetes makes by itself, mount no token. */
function tokenlessDefaultAccount(
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ServiceAccountPatch {
  return new k8s.core.v1.ServiceAccountPatch(
    name,
    { metadata: { name: "default", namespace }, automountServiceAccountToken: false },
    opts,
  );
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { secretNames } from "../domain/names";
import { minioValues, type MinioSpec } from "../render/minio/values";
import type { Policy } from "../render/networkPolicies";
import { defaultPlan, over } from "./defaults";
import { home } from "./home";
import { pinnedRelease } from "./release";

/** Args of {@link Minio}. */
export interface MinioArgs extends Partial<MinioSpec> {
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

  constructor(
    name: string,
    { protectData: protect = false, policies, ...args }: MinioArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:Minio", name, {}, opts);
    const spec = over(defaultPlan().minio, args);

    const { namespace, metadata, podLabels, resources } = home(
      name,
      { ...spec, part: "minio", level: "restricted", policies, protect },
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
    const account = spec.existingNamespace
      ? []
      : [tokenlessDefaultAccount(`${name}-account`, namespace, { parent: this })];
    this.release = pinnedRelease(
      `${name}-release`,
      { ...spec, part: "minio", values: minioValues(spec, podLabels) },
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

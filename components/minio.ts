import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { secretNames } from "../domain/names";
import { minioValues, type MinioSpec } from "../render/minio/values";
import type { Policy } from "../render/networkPolicies";
import { defaultPlan, over } from "./defaults";
import { home } from "./home";
import { generatedPassword } from "./password";
import { pinnedRelease } from "./release";

/** Args of {@link Minio}. Defaults are those of the profile `dev`. */
export interface MinioArgs extends Partial<MinioSpec> {
  /** Refuse to delete or replace the namespace and the release. Default: false. */
  protectData?: boolean;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
  /** Password of a private chart repository, if `chart` names its user. Secret. Default: none. */
  chartPassword?: pulumi.Input<string>;
}

const rootUser = "logharbor-root";

/** MinIO in its namespace, with generated root credentials in a Secret. */
export class Minio extends pulumi.ComponentResource {
  /** The Helm release. */
  readonly release: k8s.helm.v3.Release;
  /** Name of the root user. */
  readonly rootUser: pulumi.Output<string>;
  /** Password of the root user. Secret. */
  readonly rootPassword: pulumi.Output<string>;

  constructor(
    name: string,
    { protectData: protect = false, policies, chartPassword, ...args }: MinioArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:Minio", name, {}, opts);
    const spec = over(defaultPlan().minio!, args);

    const { namespace, metadata, podLabels, resources } = home(
      name,
      { ...spec, part: "minio", level: "restricted", policies, protect },
      { parent: this },
    );
    // MinIO has one root user with one password: the new one replaces the old as the servers restart.
    const { current: rootPassword } = generatedPassword(
      `${name}-root-password`,
      { length: 40, generation: spec.root },
      { parent: this },
    );
    const root = new k8s.core.v1.Secret(
      `${name}-root`,
      {
        metadata: metadata(secretNames.minioRoot),
        stringData: { rootUser, rootPassword },
      },
      { parent: this },
    );
    // In an existing namespace, pods of others may use this account, so it stays unchanged and MinIO mounts its token.
    const account = spec.existingNamespace
      ? []
      : [tokenlessDefaultAccount(`${name}-account`, namespace, { parent: this })];
    this.release = pinnedRelease(
      `${name}-release`,
      { ...spec, part: "minio", chartPassword, values: minioValues(spec, podLabels) },
      { parent: this, dependsOn: [...resources, root, ...account], protect },
    );
    this.rootUser = pulumi.output(rootUser);
    // Only servers that have restarted know a new password.
    this.rootPassword = pulumi.all([rootPassword, this.release.urn]).apply(([password]) => password);
    this.registerOutputs({ rootUser: this.rootUser, rootPassword: this.rootPassword });
  }
}

/** Keeps pods that run as the namespace's default account, which Kubernetes creates, from mounting its token. */
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

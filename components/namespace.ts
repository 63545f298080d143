import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { partLabel, stackLabel } from "../render/names";

/** Pod Security level that a namespace enforces. */
export type PodSecurity = "restricted" | "privileged";

/** The home of a part: a namespace that enforces a Pod Security level by label. */
export function podSecurityNamespace(name: string, part: string, namespace: string, level: PodSecurity, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace {
  return new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name: namespace,
        labels: {
          "app.kubernetes.io/managed-by": "logharbor",
          [stackLabel]: pulumi.getStack(),
          [partLabel]: part,
          "pod-security.kubernetes.io/enforce": level,
          "pod-security.kubernetes.io/enforce-version": "latest",
        },
      },
    },
    opts,
  );
}

/** Has pods that run as the namespace's default account, which Kubernetes makes by itself, mount no token. */
export function tokenlessDefaultAccount(name: string, namespace: k8s.core.v1.Namespace, opts: pulumi.CustomResourceOptions): k8s.core.v1.ServiceAccountPatch {
  return new k8s.core.v1.ServiceAccountPatch(
    name,
    { metadata: { name: "default", namespace: namespace.metadata.name }, automountServiceAccountToken: false },
    opts,
  );
}

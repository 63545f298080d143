import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Pod Security level that a namespace enforces. */
export type PodSecurity = "restricted" | "privileged";

/** A namespace that enforces a Pod Security level by label. */
export function podSecurityNamespace(name: string, namespace: string, level: PodSecurity, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace {
  return new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name: namespace,
        labels: {
          "app.kubernetes.io/managed-by": "logharbor",
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

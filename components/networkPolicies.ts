import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Policy } from "../render/networkPolicies";

/** Policies of a namespace, for its release to depend on: no pod of it runs without them. */
export function namespacePolicies(
  name: string,
  namespace: k8s.core.v1.Namespace,
  policies: readonly Policy[] = [],
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy[] {
  return policies.map(
    (policy) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-policy-${policy.name}`,
        {
          metadata: { name: policy.name, namespace: namespace.metadata.name, labels: { "app.kubernetes.io/managed-by": "logharbor" } },
          spec: policy.spec,
        },
        opts,
      ),
  );
}

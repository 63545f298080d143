import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Rule } from "../render/alloy/rights";
import { marksOf } from "../render/ownership";
import { thisStack } from "./owner";

/** What a workload in Alloy's namespace may read in the whole cluster: a ClusterRole, and its binding of that name. */
export function clusterRights(
  name: string,
  { account, rules, ...names }: { name: string; rules: Rule[]; account: { name: string; namespace: string } },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: names.name, ...marksOf(thisStack(), "alloy") };
  const role = new k8s.rbac.v1.ClusterRole(`${name}-role`, { metadata, rules }, opts);
  const binding = new k8s.rbac.v1.ClusterRoleBinding(
    `${name}-role-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", ...account }],
    },
    opts,
  );
  return [role, binding];
}

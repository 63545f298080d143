import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ChartSource, Settings } from "../config/settings";
import { alloyRights } from "../render/alloy/rights";
import { alloyValues } from "../render/alloy/values";
import type { Policy } from "../render/networkPolicies";
import { clusterRoleName, marksOf, podLabelsOf } from "../render/ownership";
import { podSecurityOf } from "../render/podSecurity";
import { home } from "./home";
import { thisStack } from "./owner";
import { pinnedRelease } from "./release";
import { gatewayLogin } from "./tenants";

/** Args of {@link Alloy}. Each group is that of the stack's settings. */
export interface AlloyArgs {
  namespaces: Settings["namespaces"];
  /** Parts whose namespace is there already and stays as it is. Default: none. */
  existingNamespaces?: Settings["existingNamespaces"];
  topology: Settings["topology"];
  loki: Settings["loki"];
  gateway: Settings["gateway"];
  tls: Settings["tls"];
  tenant: Settings["tenant"];
  alloy: Settings["alloy"];
  grafana: Settings["grafana"];
  images: Settings["images"];
  chart: ChartSource;
  /** Password of the tenant at Loki's gateway; needed where that asks for one. Secret. */
  tenantPassword?: pulumi.Input<string>;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
}

/** Alloy on every node: finds the node's pods, labels their lines and pushes them to Loki. */
export class Alloy extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: AlloyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Alloy", name, {}, opts);

    const { existingNamespaces = [], namespaces } = args;
    const level = podSecurityOf("alloy", args);
    const { metadata, resources } = home(
      name,
      { ...args, part: "alloy", namespace: namespaces.alloy, level },
      { parent: this },
    );
    const login =
      args.tenantPassword === undefined
        ? []
        : [
            gatewayLogin(
              `${name}-login`,
              { metadata, user: args.tenant, password: args.tenantPassword },
              { parent: this },
            ),
          ];
    const rights = clusterRights(name, args, { parent: this });
    const podLabels = podLabelsOf("alloy", { existingNamespaces }, thisStack());
    this.release = pinnedRelease(
      `${name}-release`,
      { part: "alloy", chart: args.chart, namespace: namespaces.alloy, values: alloyValues({ ...args, podLabels }) },
      { parent: this, dependsOn: [...resources, ...rights, ...login] },
    );
    this.registerOutputs({});
  }
}

/** What Alloy may read in the cluster. Not by the chart, whose names are the same for every stack. */
function clusterRights(
  name: string,
  { alloy, namespaces }: Pick<AlloyArgs, "alloy" | "namespaces">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: clusterRoleName(thisStack(), namespaces), ...marksOf(thisStack(), "alloy") };
  const role = new k8s.rbac.v1.ClusterRole(`${name}-role`, { metadata, rules: alloyRights(alloy) }, opts);
  const binding = new k8s.rbac.v1.ClusterRoleBinding(
    `${name}-role-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: "alloy", namespace: namespaces.alloy }],
    },
    opts,
  );
  return [role, binding];
}

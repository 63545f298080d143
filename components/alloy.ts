import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { criticalPodsQuota, needsQuota, quotaSpec } from "../render/alloy/quota";
import { alloyRights } from "../render/alloy/rights";
import type { AlloySpec } from "../render/alloy/spec";
import { alloyValues } from "../render/alloy/values";
import type { Policy } from "../render/networkPolicies";
import { clusterRoleName } from "../render/ownership";
import { podSecurityOf } from "../render/podSecurity";
import { Canary } from "./canary";
import { clusterRights } from "./clusterRights";
import { defaultPlan, over } from "./defaults";
import { Events } from "./events";
import { home } from "./home";
import { thisStack } from "./owner";
import { pinnedRelease } from "./release";
import { gatewayLogins } from "./tenants";

/** Args of {@link Alloy}. Defaults are those of the profile `dev`. */
export interface AlloyArgs extends Partial<Omit<AlloySpec, "lokiUrl" | "login">>, Pick<AlloySpec, "lokiUrl"> {
  /** Password of the tenant at Loki's gateway. Secret. Default: none. Required if the gateway asks for one. */
  tenantPassword?: pulumi.Input<string>;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
  /** Password of a private chart repository, if `chart` names its user. Secret. Default: none. */
  chartPassword?: pulumi.Input<string>;
}

/** Alloy on every node: finds the node's pods, labels their lines and pushes them to Loki. */
export class Alloy extends pulumi.ComponentResource {
  /** The Helm release. */
  readonly release: k8s.helm.v3.Release;

  constructor(
    name: string,
    { tenantPassword, policies, chartPassword, ...args }: AlloyArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:Alloy", name, {}, opts);
    const spec = { ...over(defaultPlan().alloy, args), login: tenantPassword !== undefined };

    const { metadata, podLabels, resources } = home(
      name,
      { ...spec, part: "alloy", level: podSecurityOf("alloy", spec), policies },
      { parent: this },
    );
    const logins = gatewayLogins(
      `${name}-login`,
      { metadata, user: spec.tenant, password: tenantPassword },
      { parent: this },
    );
    const quotas = needsQuota(spec)
      ? [
          new k8s.core.v1.ResourceQuota(
            `${name}-quota`,
            { metadata: metadata(criticalPodsQuota), spec: quotaSpec(spec) },
            { parent: this },
          ),
        ]
      : [];
    const rights = clusterRights(
      name,
      {
        // The chart's own role will not do: it has the same name in every stack.
        name: clusterRoleName(thisStack(), spec.namespace),
        rules: alloyRights(spec),
        account: { name: "alloy", namespace: spec.namespace },
      },
      { parent: this },
    );
    this.release = pinnedRelease(
      `${name}-release`,
      { ...spec, part: "alloy", chartPassword, values: alloyValues(spec, podLabels), skipAwait: true },
      { parent: this, dependsOn: [...resources, ...quotas, ...rights, ...logins] },
    );
    // After Alloy, which has to collect its first line.
    if (spec.canary !== undefined)
      new Canary(
        `${name}-canary`,
        { ...spec.canary, home: { metadata, podLabels } },
        { parent: this, dependsOn: this.release },
      );
    if (spec.events !== undefined)
      new Events(
        `${name}-events`,
        { ...spec.events, home: { metadata, podLabels } },
        { parent: this, dependsOn: [...resources, ...quotas, ...logins] },
      );
    this.registerOutputs({});
  }
}

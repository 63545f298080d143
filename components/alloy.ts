import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ChartSource, Settings } from "../config/settings";
import { alloyValues } from "../render/alloyValues";
import type { Policy } from "../render/networkPolicies";
import { certificate } from "./certificate";
import { podSecurityNamespace } from "./namespace";
import { namespacePolicies } from "./networkPolicies";
import { pinnedRelease } from "./release";
import { gatewayLogin } from "./tenants";

/** Args of {@link Alloy}. Each group is that of the stack's settings. */
export interface AlloyArgs {
  namespaces: Settings["namespaces"];
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

    // Reading files takes a host path, which only `privileged` allows.
    const level = args.alloy.source === "files" ? "privileged" : "restricted";
    const namespace = podSecurityNamespace(`${name}-namespace`, "alloy", args.namespaces.alloy, level, { parent: this });
    const policies = namespacePolicies(name, namespace, args.policies, { parent: this });
    const certificates = certificate(name, "alloy", namespace, { namespace: args.namespaces.alloy, tls: args.tls }, { parent: this });
    const login = args.tenantPassword === undefined ? [] : [gatewayLogin(`${name}-login`, namespace.metadata.name, args.tenant, args.tenantPassword, { parent: this })];
    this.release = pinnedRelease(
      `${name}-release`,
      { part: "alloy", chart: args.chart, namespace: args.namespaces.alloy, values: alloyValues(args) },
      { parent: this, dependsOn: [namespace, ...login, ...policies, ...certificates] },
    );
    this.registerOutputs({});
  }
}

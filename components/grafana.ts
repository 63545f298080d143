import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { ChartSource, Settings } from "../config/settings";
import { dashboard } from "../render/dashboard";
import { dashboardsConfigMap, dataSourceUid, grafanaValues } from "../render/grafanaValues";
import { secretNames } from "../render/names";
import type { Policy } from "../render/networkPolicies";
import { certificate } from "./certificate";
import { podSecurityNamespace } from "./namespace";
import { namespacePolicies } from "./networkPolicies";
import { pinnedRelease } from "./release";
import { gatewayLogin } from "./tenants";

/** Args of {@link Grafana}. Each group is that of the stack's settings. */
export interface GrafanaArgs {
  namespaces: Settings["namespaces"];
  topology: Settings["topology"];
  loki: Settings["loki"];
  gateway: Settings["gateway"];
  tls: Settings["tls"];
  tenant: Settings["tenant"];
  grafana: Settings["grafana"];
  images: Settings["images"];
  chart: ChartSource;
  /** StorageClass of the volume. Default: the cluster's. */
  storageClass?: string;
  /** Password of the tenant at Loki's gateway; needed where that asks for one. Secret. */
  tenantPassword?: pulumi.Input<string>;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
}

/** Grafana with Loki as its data source and a dashboard, and an administrator whose password is generated. */
export class Grafana extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Grafana", name, {}, opts);

    const namespace = podSecurityNamespace(`${name}-namespace`, "grafana", args.namespaces.grafana, "restricted", { parent: this });
    const policies = namespacePolicies(name, namespace, args.policies, { parent: this });
    const certificates = certificate(name, "grafana", namespace, { namespace: args.namespaces.grafana, tls: args.tls }, { parent: this });
    const password = new random.RandomPassword(`${name}-admin-password`, { length: 32, special: false }, { parent: this });
    const admin = new k8s.core.v1.Secret(
      `${name}-admin`,
      {
        metadata: { name: secretNames.grafanaAdmin, namespace: namespace.metadata.name },
        stringData: { "admin-user": "admin", "admin-password": password.result },
      },
      { parent: this },
    );
    const dashboards = new k8s.core.v1.ConfigMap(
      `${name}-dashboards`,
      {
        metadata: { name: dashboardsConfigMap, namespace: namespace.metadata.name },
        data: { "logs.json": JSON.stringify(dashboard(dataSourceUid, args.namespaces), undefined, 2) },
      },
      { parent: this },
    );
    const login = args.tenantPassword === undefined ? [] : [gatewayLogin(`${name}-login`, namespace.metadata.name, args.tenant, args.tenantPassword, { parent: this })];
    this.release = pinnedRelease(
      `${name}-release`,
      { part: "grafana", chart: args.chart, namespace: args.namespaces.grafana, values: grafanaValues(args) },
      { parent: this, dependsOn: [namespace, admin, dashboards, ...login, ...policies, ...certificates] },
    );
    this.registerOutputs({});
  }
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { ChartSource, Settings } from "../config/settings";
import { dashboard } from "../render/grafana/dashboard";
import { dashboardsConfigMap, dataSourceUid, grafanaValues } from "../render/grafana/values";
import { secretNames } from "../domain/names";
import type { Policy } from "../render/networkPolicies";
import { podLabelsOf } from "../render/ownership";
import { home } from "./home";
import { thisStack } from "./owner";
import { pinnedRelease } from "./release";
import { gatewayLogin } from "./tenants";

/** Args of {@link Grafana}. Each group is that of the stack's settings. */
export interface GrafanaArgs {
  namespaces: Settings["namespaces"];
  /** Parts whose namespace is there already and stays as it is. Default: none. */
  existingNamespaces?: Settings["existingNamespaces"];
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

    const { existingNamespaces = [] } = args;
    const { metadata, resources } = home(
      name,
      { ...args, part: "grafana", namespace: args.namespaces.grafana, level: "restricted" },
      { parent: this },
    );
    const password = new random.RandomPassword(
      `${name}-admin-password`,
      { length: 32, special: false },
      { parent: this },
    );
    const admin = new k8s.core.v1.Secret(
      `${name}-admin`,
      {
        metadata: metadata(secretNames.grafanaAdmin),
        stringData: { "admin-user": "admin", "admin-password": password.result },
      },
      { parent: this },
    );
    const dashboards = new k8s.core.v1.ConfigMap(
      `${name}-dashboards`,
      {
        metadata: metadata(dashboardsConfigMap),
        data: { "logs.json": JSON.stringify(dashboard(dataSourceUid, args.namespaces), undefined, 2) },
      },
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
    const podLabels = podLabelsOf("grafana", { existingNamespaces }, thisStack());
    this.release = pinnedRelease(
      `${name}-release`,
      {
        part: "grafana",
        chart: args.chart,
        namespace: args.namespaces.grafana,
        values: grafanaValues({ ...args, podLabels }),
      },
      { parent: this, dependsOn: [...resources, admin, dashboards, ...login] },
    );
    this.registerOutputs({});
  }
}

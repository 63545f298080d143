import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { grafanaAdminKeys, secretNames } from "../domain/names";
import { alertingFiles } from "../render/grafana/alerting";
import { dashboardFiles } from "../render/grafana/dashboards";
import { alertingConfigMap, dashboardsConfigMap, grafanaValues } from "../render/grafana/values";
import type { GrafanaSpec } from "../render/grafana/spec";
import type { Policy } from "../render/networkPolicies";
import { defaultPlan, over } from "./defaults";
import { exposed } from "./exposure";
import { home } from "./home";
import { generatedPassword } from "./password";
import { pinnedRelease } from "./release";
import { gatewayLogins } from "./tenants";

/** Args of {@link Grafana}. Defaults are those of the profile `dev`. */
export interface GrafanaArgs extends Partial<Omit<GrafanaSpec, "lokiUrl" | "login">>, Pick<GrafanaSpec, "lokiUrl"> {
  /** Password of the tenant at Loki's gateway. Secret. Default: none. Required if the gateway asks for one. */
  tenantPassword?: pulumi.Input<string>;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
  /** Password of a private chart repository, if `chart` names its user. Secret. Default: none. */
  chartPassword?: pulumi.Input<string>;
}

/** Grafana with its data sources and dashboards, and an administrator with a generated password. */
export class Grafana extends pulumi.ComponentResource {
  /** The Helm release. */
  readonly release: k8s.helm.v3.Release;

  constructor(
    name: string,
    { tenantPassword, policies, chartPassword, ...args }: GrafanaArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:Grafana", name, {}, opts);
    const spec = { ...over(defaultPlan().grafana!, args), login: tenantPassword !== undefined };

    const { metadata, podLabels, resources } = home(
      name,
      { ...spec, part: "grafana", level: "restricted", policies },
      { parent: this },
    );
    const { current, previous } = generatedPassword(
      `${name}-admin-password`,
      { length: 32, generation: spec.admin },
      { parent: this },
    );
    const admin = new k8s.core.v1.Secret(
      `${name}-admin`,
      {
        metadata: metadata(secretNames.grafanaAdmin),
        stringData: {
          [grafanaAdminKeys.user]: "admin",
          [grafanaAdminKeys.password]: current,
          // Grafana keeps its password in its database. To change it there takes the old one.
          ...(previous === undefined ? {} : { [grafanaAdminKeys.previous]: previous }),
        },
      },
      { parent: this },
    );
    const dashboards = new k8s.core.v1.ConfigMap(
      `${name}-dashboards`,
      {
        metadata: metadata(dashboardsConfigMap),
        data: dashboardFiles(spec),
      },
      { parent: this },
    );
    const alerting = new k8s.core.v1.ConfigMap(
      `${name}-alerting`,
      { metadata: metadata(alertingConfigMap), data: alertingFiles(spec) },
      { parent: this },
    );
    const logins = gatewayLogins(
      `${name}-login`,
      { metadata, user: spec.tenant, password: tenantPassword },
      { parent: this },
    );
    this.release = pinnedRelease(
      `${name}-release`,
      { ...spec, part: "grafana", chartPassword, values: grafanaValues(spec, podLabels) },
      { parent: this, dependsOn: [...resources, admin, dashboards, alerting, ...logins] },
    );
    exposed(`${name}-exposure`, { metadata, exposure: spec.exposure }, { parent: this, dependsOn: this.release });
    this.registerOutputs({});
  }
}

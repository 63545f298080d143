import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { lokiStoreVariables, rulesConfigMap } from "../domain/names";
import { ruleFiles } from "../render/loki/rules";
import type { LokiSpec } from "../render/loki/spec";
import { lokiValues } from "../render/loki/values";
import type { Policy } from "../render/networkPolicies";
import { Alertmanager } from "./alertmanager";
import { defaultPlan, over } from "./defaults";
import { exposed } from "./exposure";
import { home } from "./home";
import { pinnedRelease } from "./release";
import { Tenants } from "./tenants";

/** Args of {@link Loki}. Defaults are those of the profile `dev`. */
export interface LokiArgs extends Partial<LokiSpec> {
  /**
   * Access key of Loki's own user in the object store, never the root user's, for the Secret that `storeSecret` names.
   * Default: that Secret is yours, or Loki logs in with its identity.
   */
  accessKeyId?: pulumi.Input<string>;
  /** Secret key of that user. Secret. Default: as `accessKeyId`. */
  secretAccessKey?: pulumi.Input<string>;
  /**
   * Refuse to delete or replace the namespace and the release: the write-ahead log holds lines that are not flushed
   * yet. Default: false.
   */
  protectData?: boolean;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
  /** Password of a private chart repository, if `chart` names its user. Secret. Default: none. */
  chartPassword?: pulumi.Input<string>;
}

/** Loki, which indexes labels only and keeps everything else in the object store. */
export class Loki extends pulumi.ComponentResource {
  /** The Helm release. */
  readonly release: k8s.helm.v3.Release;
  /** Password of the stack's own tenant at the gateway. Undefined if the gateway asks for none. Secret. */
  readonly tenantPassword?: pulumi.Output<string>;

  constructor(
    name: string,
    { accessKeyId, secretAccessKey, protectData: protect = false, policies, chartPassword, ...args }: LokiArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:Loki", name, {}, opts);
    const spec = over(defaultPlan().loki, args);

    const { metadata, podLabels, resources } = home(
      name,
      { ...spec, part: "loki", level: "restricted", policies, protect },
      { parent: this },
    );
    const store =
      accessKeyId === undefined || secretAccessKey === undefined
        ? []
        : [
            new k8s.core.v1.Secret(
              `${name}-object-store`,
              {
                metadata: metadata(spec.storeSecret),
                stringData: {
                  [lokiStoreVariables.accessKeyId]: accessKeyId,
                  [lokiStoreVariables.secretAccessKey]: secretAccessKey,
                },
              },
              { parent: this },
            ),
          ];
    const rules =
      spec.ruler.storage === "stack"
        ? [
            new k8s.core.v1.ConfigMap(
              `${name}-rules`,
              { metadata: metadata(rulesConfigMap), data: ruleFiles(spec) },
              { parent: this },
            ),
          ]
        : [];
    if (spec.alertmanager !== undefined)
      new Alertmanager(
        `${name}-alertmanager`,
        { ...spec.alertmanager, home: { metadata, podLabels } },
        { parent: this, dependsOn: resources },
      );
    const tenants =
      spec.authentication === "basic"
        ? new Tenants(
            `${name}-tenants`,
            { metadata, tenants: [spec.tenant, ...spec.tenants], generation: spec.logins },
            { parent: this },
          )
        : undefined;
    this.release = pinnedRelease(
      `${name}-release`,
      { ...spec, part: "loki", chartPassword, values: lokiValues(spec, podLabels) },
      { parent: this, dependsOn: [...resources, ...store, ...rules, ...(tenants?.resources ?? [])], protect },
    );
    tenants?.handOut(`${name}-tenants`, { metadata, gateway: this.release });
    exposed(`${name}-exposure`, { metadata, exposure: spec.exposure }, { parent: this, dependsOn: this.release });
    // Alloy and Grafana may use a new password once the gateway accepts it.
    const password = tenants?.passwords[spec.tenant];
    this.tenantPassword = password && pulumi.all([password, this.release.urn]).apply(([accepted]) => accepted);
    this.registerOutputs({});
  }
}

import * as pulumi from "@pulumi/pulumi";

import type { Settings } from "../config/settings";
import { hatchNotices } from "../render/hatches/notices";
import { networkPolicies } from "../render/networkPolicies";
import { planOf } from "../render/plan";
import { outputsOf, type StackOutputs } from "../render/outputs";
import { generationOf } from "../render/rotation";
import { Alloy } from "./alloy";
import { Grafana } from "./grafana";
import { Loki } from "./loki";
import { Minio } from "./minio";
import { Monitoring } from "./monitoring";
import { ObjectStore } from "./objectStore";
import { thisStack } from "./owner";
import { RemoteTier } from "./remoteTier";

/** Args of {@link LoggingStack}. */
export interface LoggingStackArgs {
  /** Settings, as `readSettings` or `parseSettings` return them. */
  settings: Settings;
  /** URL at which this machine reaches MinIO's API during the operation. A stack with a MinIO needs it. */
  minioEndpoint?: string;
  /** Resolves when MinIO answers there; see {@link ObjectStoreArgs.reachable}. Default: not called. */
  minioReachable?: () => Promise<void>;
  /**
   * Whether the cluster knows the kinds of the Prometheus operator; for `monitoring.serviceMonitors: auto`. Default:
   * false.
   */
  prometheusOperator?: boolean;
  /** Password of the private chart repositories whose `username` is set. Secret. Default: none. */
  chartPassword?: pulumi.Input<string>;
}

/** The whole platform: MinIO or another object store stores, Loki indexes, Alloy collects, Grafana shows. */
export class LoggingStack extends pulumi.ComponentResource {
  /** What the stack exports. */
  readonly outputs: StackOutputs;

  constructor(
    name: string,
    { settings, minioEndpoint, minioReachable, chartPassword, prometheusOperator = false }: LoggingStackArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:LoggingStack", name, {}, opts);
    const { protectData } = settings;
    const plan = planOf(settings, { prometheusOperator });
    const policies = networkPolicies(settings, thisStack());
    for (const notice of hatchNotices(settings)) void pulumi.log.info(notice, this);

    const minio =
      plan.minio &&
      new Minio(
        `${name}-minio`,
        { ...plan.minio, policies: policies.minio, chartPassword, protectData },
        { parent: this },
      );
    if (minio !== undefined && minioEndpoint === undefined) throw new Error("a stack with a MinIO needs minioEndpoint");
    const store =
      minio &&
      new ObjectStore(
        `${name}-store`,
        {
          endpoint: minioEndpoint!,
          rootUser: minio.rootUser,
          rootPassword: minio.rootPassword,
          buckets: settings.minio.buckets,
          generation: generationOf(settings, "lokiStore"),
          server: minio.release,
          reachable: minioReachable,
          tiered: plan.remoteTier !== undefined,
          protectData,
        },
        { parent: this },
      );

    // Loki does not wait for the tier. Until the tier's Secret exists, chunks stay in MinIO.
    if (plan.remoteTier !== undefined)
      new RemoteTier(`${name}-tier`, plan.remoteTier, { parent: this, dependsOn: store?.resources });

    // The keys of a store that is there already are in a Secret of the operator's.
    const { accessKeyId, secretAccessKey } = (settings.objectStore.kind === "minio" ? store : undefined) ?? {};
    const loki = new Loki(
      `${name}-loki`,
      { ...plan.loki, policies: policies.loki, chartPassword, accessKeyId, secretAccessKey, protectData },
      { parent: this, dependsOn: store?.resources },
    );

    // Alloy depends on Loki, so that a destroy stops Alloy first. It can then still send the lines that it holds.
    const { tenantPassword } = loki;
    const alloy = new Alloy(
      `${name}-alloy`,
      { ...plan.alloy, policies: policies.alloy, chartPassword, tenantPassword },
      { parent: this, dependsOn: loki },
    );

    const grafana =
      plan.grafana === undefined
        ? []
        : [
            new Grafana(
              `${name}-grafana`,
              { ...plan.grafana, policies: policies.grafana, chartPassword, tenantPassword },
              { parent: this },
            ),
          ];

    // After the parts, whose namespaces it needs.
    if (plan.monitoring !== undefined)
      new Monitoring(
        `${name}-monitoring`,
        { ...plan.monitoring, inMinio: store?.inside },
        { parent: this, dependsOn: [loki, alloy, ...grafana] },
      );

    this.outputs = outputsOf(settings);
    this.registerOutputs({ ...this.outputs });
  }
}

import * as pulumi from "@pulumi/pulumi";

import type { Settings } from "../config/settings";
import { networkPolicies } from "../render/networkPolicies";
import { outputsOf, type StackOutputs } from "../render/outputs";
import { Alloy } from "./alloy";
import { Grafana } from "./grafana";
import { Loki } from "./loki";
import { Minio } from "./minio";
import { ObjectStore } from "./objectStore";
import { thisStack } from "./owner";
import { RemoteTier } from "./remoteTier";

/** Args of {@link LoggingStack}. */
export interface LoggingStackArgs {
  /** Resolved settings, as `readSettings` or `parseSettings` give them. */
  settings: Settings;
  /** URL at which this machine reaches MinIO's API while the operation runs. */
  minioEndpoint: string;
  /** Resolves when MinIO answers there; see {@link ObjectStoreArgs.reachable}. Default: not asked. */
  minioReachable?: () => Promise<void>;
}

/** The whole platform: MinIO stores, Loki indexes, Alloy collects, Grafana shows. */
export class LoggingStack extends pulumi.ComponentResource {
  readonly outputs: StackOutputs;

  constructor(
    name: string,
    { settings, minioEndpoint, minioReachable }: LoggingStackArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("logharbor:index:LoggingStack", name, {}, opts);
    const { charts, protectData } = settings;
    const policies = networkPolicies(settings, thisStack());

    const minio = new Minio(
      `${name}-minio`,
      { ...settings, namespace: settings.namespaces.minio, chart: charts.minio, policies: policies.minio },
      { parent: this },
    );

    const store = new ObjectStore(
      `${name}-store`,
      {
        endpoint: minioEndpoint,
        rootUser: minio.rootUser,
        rootPassword: minio.rootPassword,
        buckets: settings.minio.buckets,
        server: minio.release,
        reachable: minioReachable,
        tiered: settings.minio.tier !== undefined,
        protectData,
      },
      { parent: this },
    );

    const { tier } = settings.minio;
    // Loki does not wait for it: until its Secret is there, chunks stay in MinIO.
    if (tier !== undefined)
      new RemoteTier(`${name}-tier`, { ...settings, tier }, { parent: this, dependsOn: store.resources });

    const { accessKeyId, secretAccessKey } = store;
    const loki = new Loki(
      `${name}-loki`,
      { ...settings, chart: charts.loki, policies: policies.loki, accessKeyId, secretAccessKey },
      { parent: this, dependsOn: store.resources },
    );

    // After Loki, so that a destroy takes Alloy first, which then hands over what it still holds.
    new Alloy(
      `${name}-alloy`,
      { ...settings, chart: charts.alloy, tenantPassword: loki.tenantPassword, policies: policies.alloy },
      { parent: this, dependsOn: loki },
    );

    if (settings.grafana.enabled)
      new Grafana(
        `${name}-grafana`,
        { ...settings, chart: charts.grafana, tenantPassword: loki.tenantPassword, policies: policies.grafana },
        { parent: this },
      );

    this.outputs = outputsOf(settings);
    this.registerOutputs({ ...this.outputs });
  }
}

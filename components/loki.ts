import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ChartSource, Settings } from "../config/settings";
import { lokiValues } from "../render/loki/values";
import { lokiStoreVariables, secretNames } from "../domain/names";
import type { Policy } from "../render/networkPolicies";
import { podLabelsOf } from "../render/ownership";
import { home } from "./home";
import { thisStack } from "./owner";
import { pinnedRelease } from "./release";
import { Tenants } from "./tenants";

/** Args of {@link Loki}. Each group is that of the stack's settings. */
export interface LokiArgs {
  namespaces: Settings["namespaces"];
  /** Parts whose namespace is there already and stays as it is. Default: none. */
  existingNamespaces?: Settings["existingNamespaces"];
  topology: Settings["topology"];
  loki: Settings["loki"];
  gateway: Settings["gateway"];
  tls: Settings["tls"];
  tenant: Settings["tenant"];
  /** How replicas are spread over nodes and zones. */
  spread: Settings["spread"];
  retention: Settings["retention"];
  /** Where the object store is, and the names of its buckets. */
  minio: Settings["minio"];
  grafana: Settings["grafana"];
  images: Settings["images"];
  chart: ChartSource;
  /** StorageClass of the volumes. Default: the cluster's. */
  storageClass?: string;
  /** Access key of Loki's own user of the object store; never the root user's. */
  accessKeyId: pulumi.Input<string>;
  /** Its secret key. Secret. */
  secretAccessKey: pulumi.Input<string>;
  /**
   * Refuse to delete or replace namespace and release: the write-ahead log holds what is not flushed yet. Default:
   * false.
   */
  protectData?: boolean;
  /** Network policies of its namespace. Default: none. */
  policies?: readonly Policy[];
}

/** Loki, which indexes labels only and keeps everything else in the object store. */
export class Loki extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;
  /** Password of the stack's own tenant at the gateway; undefined where that asks for none. Secret. */
  readonly tenantPassword?: pulumi.Output<string>;

  constructor(name: string, args: LokiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Loki", name, {}, opts);
    const protect = args.protectData ?? false;

    const { existingNamespaces = [] } = args;
    const { metadata, resources } = home(
      name,
      { ...args, part: "loki", namespace: args.namespaces.loki, level: "restricted", protect },
      { parent: this },
    );
    const store = new k8s.core.v1.Secret(
      `${name}-object-store`,
      {
        metadata: metadata(secretNames.lokiStore),
        stringData: {
          [lokiStoreVariables.accessKeyId]: args.accessKeyId,
          [lokiStoreVariables.secretAccessKey]: args.secretAccessKey,
        },
      },
      { parent: this },
    );
    const tenants =
      args.gateway.authentication === "basic"
        ? new Tenants(
            `${name}-tenants`,
            { metadata, tenants: [args.tenant, ...args.gateway.tenants] },
            { parent: this },
          )
        : undefined;
    this.tenantPassword = tenants?.passwords[args.tenant];
    const podLabels = podLabelsOf("loki", { existingNamespaces }, thisStack());
    this.release = pinnedRelease(
      `${name}-release`,
      { part: "loki", chart: args.chart, namespace: args.namespaces.loki, values: lokiValues({ ...args, podLabels }) },
      { parent: this, dependsOn: [...resources, store, ...(tenants?.resources ?? [])], protect },
    );
    this.registerOutputs({});
  }
}

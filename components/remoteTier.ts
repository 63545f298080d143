import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Settings, Tier } from "../config/settings";
import { tierAnnotation, tierJobName } from "../domain/names";
import { marksOf, podLabelsOf } from "../render/ownership";
import { tierAddress } from "../render/minio/tier";
import { tierJob } from "../render/minio/tierJob";
import { thisStack } from "./owner";

/** Args of {@link RemoteTier}. Each group is that of the stack's settings. */
export interface RemoteTierArgs {
  namespaces: Settings["namespaces"];
  /** Parts whose namespace is there already and stays as it is. Default: none. */
  existingNamespaces?: Settings["existingNamespaces"];
  topology: Settings["topology"];
  loki: Settings["loki"];
  gateway: Settings["gateway"];
  grafana: Settings["grafana"];
  tenant: Settings["tenant"];
  /** Whether MinIO speaks TLS. */
  tls: Settings["tls"];
  /** When chunks are moved. */
  retention: Settings["retention"];
  minio: Settings["minio"];
  images: Settings["images"];
  /** Where they are moved to. */
  tier: Tier;
}

/** The remote tier of a MinIO that runs: a Job tells MinIO of it, and which chunks to move there. */
export class RemoteTier extends pulumi.ComponentResource {
  readonly job: k8s.batch.v1.Job;

  constructor(name: string, args: RemoteTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:RemoteTier", name, {}, opts);
    const { existingNamespaces = [] } = args;
    const marks = marksOf(thisStack(), "minio");
    this.job = new k8s.batch.v1.Job(
      `${name}-job`,
      {
        metadata: {
          name: tierJobName,
          namespace: args.namespaces.minio,
          labels: marks.labels,
          // A Job that failed is made anew by the next `up`.
          annotations: {
            ...marks.annotations,
            [tierAnnotation]: tierAddress(args.tier),
            "pulumi.com/replaceUnready": "true",
          },
        },
        spec: tierJob({ ...args, podLabels: podLabelsOf("minio", { existingNamespaces }, thisStack()) }, args.tier),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

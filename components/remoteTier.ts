import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { tierAnnotation, tierJobName } from "../domain/names";
import { tierAddress } from "../render/minio/tier";
import { tierJob, type RemoteTierSpec } from "../render/minio/tierJob";
import { marksOf, stackLabels } from "../render/ownership";
import { defaultPlan, over } from "./defaults";
import { thisStack } from "./owner";

/** Args of {@link RemoteTier}. Defaults are those of the profile `dev`. */
export interface RemoteTierArgs
  extends Partial<Omit<RemoteTierSpec, "tier" | "minioUrl">>, Pick<RemoteTierSpec, "tier" | "minioUrl"> {}

/** Connects a running MinIO to a remote tier. A Job adds the tier to MinIO and sets which chunks move there. */
export class RemoteTier extends pulumi.ComponentResource {
  /** The Job. It is done once MinIO knows the tier. */
  readonly job: k8s.batch.v1.Job;

  constructor(name: string, args: RemoteTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:RemoteTier", name, {}, opts);
    const { loki, minio } = defaultPlan();
    const spec = over<RemoteTierSpec>(
      {
        ...minio!,
        tier: args.tier,
        minioUrl: args.minioUrl,
        tenants: [loki.tenant],
        retention: loki.retention,
        chunksBucket: loki.buckets.chunks,
      },
      args,
    );
    const marks = marksOf(thisStack(), "minio");
    this.job = new k8s.batch.v1.Job(
      `${name}-job`,
      {
        metadata: {
          name: tierJobName,
          namespace: spec.namespace,
          labels: marks.labels,
          // The next `up` replaces a Job that failed.
          annotations: {
            ...marks.annotations,
            [tierAnnotation]: tierAddress(spec.tier),
            "pulumi.com/replaceUnready": "true",
          },
        },
        spec: tierJob(spec, spec.existingNamespace ? stackLabels(thisStack(), "minio") : {}),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/*
 * The state of a small stack, as the engine exports it.
 */

/** Its Helm release. */
export const loki = { namespace: "logs", name: "loki" };

export const release = {
  type: "kubernetes:helm.sh/v3:Release",
  urn: urn("kubernetes:helm.sh/v3:Release", "logharbor-loki-release"),
  inputs: loki,
};

export const bucket = {
  type: "minio:index/s3Bucket:S3Bucket",
  urn: urn("minio:index/s3Bucket:S3Bucket", "logharbor-store-chunks"),
};

/** A state of these resources, with what a run had begun and not ended. */
export function deployment(resources: object[], pending: object[] = []) {
  return { version: 3, deployment: { manifest: {}, resources, pending_operations: pending } };
}

function urn(type: string, name: string): string {
  return `urn:pulumi:dev::logharbor::${type}::${name}`;
}

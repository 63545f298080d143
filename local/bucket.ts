import type { KubeConfig } from "@kubernetes/client-node";
import { Client } from "minio";
import { secretContent } from "../cluster/secret";
import { serviceAddress } from "../cluster/serviceAddress";
import { openTunnel } from "../cluster/tunnel";
import type { Settings } from "../config/settings";
import { minioUrl } from "../render/addresses";
import { secretNames } from "../domain/names";

/** The content of a bucket. */
export interface BucketContent {
  objects: number;
  bytes: number;
}

/** Counts what a stack's MinIO holds in a bucket, as its root user. */
export async function bucketContent(
  kubeConfig: KubeConfig,
  settings: Settings,
  bucket: string,
): Promise<BucketContent> {
  const secret = { namespace: settings.namespaces.minio, name: secretNames.minioRoot };
  const { rootUser = "", rootPassword = "" } = await secretContent(kubeConfig, secret);
  const tunnel = await openTunnel({ kubeConfig, ...serviceAddress(minioUrl(settings)), waitSeconds: 30 });
  try {
    const client = new Client({
      endPoint: tunnel.host,
      port: tunnel.port,
      useSSL: false,
      accessKey: rootUser,
      secretKey: rootPassword,
      region: "us-east-1",
    });
    const content = { objects: 0, bytes: 0 };
    for await (const object of client.listObjectsV2(bucket, "", true) as AsyncIterable<{ size?: number }>) {
      content.objects += 1;
      content.bytes += object.size ?? 0;
    }
    return content;
  } finally {
    await tunnel.close();
  }
}

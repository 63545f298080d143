import { inflateRawSync } from "node:zlib";
import { Client } from "minio";
import { openTunnel } from "../../cluster/tunnel";
import { serviceAddress } from "../../cluster/serviceAddress";
import type { TestCluster } from "./cluster";

/** Calls MinIO as one of its users. */
export interface StoreUser {
  client: Client;
  /** Status of a request to MinIO's admin interface, signed by the user. Default: GET. */
  admin: (path: string, more?: { method: "PUT" | "DELETE"; query: string }) => Promise<number>;
}

/** A user of a MinIO in the cluster. */
export interface StoreLogin {
  minioUrl: string;
  accessKey: string;
  secretKey: string;
}

/** Calls `work` with MinIO's S3 interface as the given user, through a tunnel. */
export async function asStoreUser<T>(
  cluster: TestCluster,
  { minioUrl, accessKey, secretKey }: StoreLogin,
  work: (user: StoreUser) => Promise<T>,
): Promise<T> {
  const tunnel = await openTunnel({ kubeConfig: cluster.kubeConfig, ...serviceAddress(minioUrl), waitSeconds: 30 });
  try {
    const client = new Client({
      endPoint: tunnel.host,
      port: tunnel.port,
      useSSL: false,
      accessKey,
      secretKey,
      region: "us-east-1",
      retryOptions: { disableRetry: true },
    });
    // With path style, a request for an object has the same form as one for administrators.
    const admin: StoreUser["admin"] = async (path, more) => {
      const response = await client.makeRequestAsync(
        { method: "GET", bucketName: "minio", objectName: path, ...more },
        "",
        [200, 403],
        "us-east-1",
      );
      response.resume();
      return response.statusCode ?? 0;
    };
    return await work({ client, admin });
  } finally {
    await tunnel.close();
  }
}

/** Names of the objects of a bucket, all prefixes. */
export async function objectNames(
  client: Client,
  bucket: string,
  prefix = "",
): Promise<{ name: string; lastModified: Date }[]> {
  const found: { name: string; lastModified: Date }[] = [];
  for await (const item of client.listObjectsV2(bucket, prefix, true)) {
    const { name, lastModified } = item as { name?: string; lastModified?: Date };
    if (name !== undefined) found.push({ name, lastModified: lastModified ?? new Date(0) });
  }
  return found;
}

/** Start of a gzip stream: a header without options, 10 bytes in all. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0]);

/**
 * The text of a stored chunk. Its blocks are gzip streams, and each is followed by more of the chunk, which `gunzip`
 * refuses.
 */
export function chunkText(chunk: Buffer): string {
  const blocks: Buffer[] = [];
  for (let at = chunk.indexOf(gzipHeader); at >= 0; at = chunk.indexOf(gzipHeader, at + 1)) {
    try {
      blocks.push(inflateRawSync(chunk.subarray(at + 10)));
    } catch {
      // Not a header, but the same bytes inside a block.
    }
  }
  return Buffer.concat(blocks).toString("utf8");
}

export async function objectBytes(client: Client, bucket: string, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await client.getObject(bucket, name)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Storage class of an object; for a moved object, the name of its tier. */
export async function storageClassOf(client: Client, bucket: string, name: string): Promise<string | undefined> {
  const response = await client.makeRequestAsync(
    { method: "HEAD", bucketName: bucket, objectName: name },
    "",
    [200],
    "us-east-1",
  );
  response.resume();
  return response.headers["x-amz-storage-class"] as string | undefined;
}

/** Writes an object again, as if it had been written days ago. */
export async function backdate(client: Client, bucket: string, name: string, days: number): Promise<void> {
  const bytes = await objectBytes(client, bucket, name);
  const headers = { "x-minio-source-mtime": new Date(Date.now() - days * 86_400_000).toISOString() };
  const response = await client.makeRequestAsync(
    { method: "PUT", bucketName: bucket, objectName: name, headers },
    bytes,
    [200],
    "us-east-1",
  );
  response.resume();
}

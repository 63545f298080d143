import type { Client } from "minio";

/** MinIO's scan mode that reads every byte and compares it with its checksum. */
const deepScan = 2;

/** Has MinIO check and repair every object of a bucket; returns at once. Signed by an administrator. */
export async function healDeeply(client: Client, bucket: string): Promise<void> {
  const options = {
    recursive: true,
    dryRun: false,
    remove: false,
    recreate: false,
    scanMode: deepScan,
    updateParity: false,
    nolock: false,
  };
  // With path style, a request for an object has the same form as one for administrators.
  const response = await client.makeRequestAsync(
    { method: "POST", bucketName: "minio", objectName: `admin/v3/heal/${bucket}`, query: "forceStart=true" },
    JSON.stringify(options),
    [200],
    "us-east-1",
  );
  response.resume();
}

import type { Client } from "minio";

/** MinIO's scan mode in which every byte is read and compared with its checksum. */
const deepScan = 2;

/** Has MinIO examine every object of a bucket and mend what is amiss; returns at once. Signed by an administrator. */
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
  // By path, a request on an object has the form of one for administrators.
  const response = await client.makeRequestAsync(
    { method: "POST", bucketName: "minio", objectName: `admin/v3/heal/${bucket}`, query: "forceStart=true" },
    JSON.stringify(options),
    [200],
    "us-east-1",
  );
  response.resume();
}

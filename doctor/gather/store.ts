import { Client } from "minio";
import { text as consumed } from "node:stream/consumers";
import { secretContent } from "../../cluster/secret";
import { serviceAddress } from "../../cluster/serviceAddress";
import { openTunnel } from "../../cluster/tunnel";
import { lokiStoreVariables, secretNames } from "../../domain/names";
import { codeOf } from "../../domain/problem";
import { minioUrl } from "../../render/addresses";
import type { Drive, StoreState } from "../facts";
import type { Place } from "./home";

const region = "us-east-1";

type Keys = Partial<Record<string, string>>;

/**
 * The object store as Loki's user and MinIO's administrator see it. Lists only; neither the keys nor any content leave
 * this function.
 */
export async function storeOf({ kubeConfig, settings, sight }: Place): Promise<StoreState> {
  const { namespaces, minio } = settings;
  const secret = async (namespace: string, name: string) =>
    (await sight.one(`get secret ${name} in ${namespace}`, () => secretContent(kubeConfig, { namespace, name }))) ?? {};
  // While the stack moves, Loki may have the keys of the other store.
  const isUsed = settings.objectStore.kind === "minio";
  const loki: Keys = isUsed ? await secret(namespaces.loki, secretNames.lokiStore) : {};
  const root: Keys = await secret(namespaces.minio, secretNames.minioRoot);
  const tunnel = await openTunnel({ kubeConfig, ...serviceAddress(minioUrl(settings)), waitSeconds: 3 });
  try {
    const client = (accessKey: string, secretKey: string) =>
      new Client({
        endPoint: tunnel.host,
        port: tunnel.port,
        useSSL: false,
        accessKey,
        secretKey,
        region,
        retryOptions: { disableRetry: true },
      });
    const { accessKeyId, secretAccessKey } = lokiStoreVariables;
    const keys = [loki[accessKeyId] ?? "", loki[secretAccessKey] ?? ""] as const;
    const rootKeys = [root.rootUser ?? "", root.rootPassword ?? ""] as const;
    const buckets =
      keys[0] === ""
        ? undefined
        : new Map(
            await Promise.all(
              Object.values(minio.buckets).map(async (bucket): Promise<[string, string]> => [
                bucket,
                await listed(client(...keys), bucket),
              ]),
            ),
          );
    const drives =
      rootKeys[0] === "" ? undefined : await sight.see("ask MinIO for its drives", () => drivesOf(client(...rootKeys)));
    return { buckets, drives };
  } finally {
    await tunnel.close();
  }
}

/** What a user gets who lists a bucket: "ok", or the error's code. */
async function listed(client: Client, bucket: string): Promise<string> {
  try {
    await (client.listObjectsV2(bucket, "", false) as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    return "ok";
  } catch (error) {
    return String(codeOf(error) ?? "no answer");
  }
}

interface Info {
  servers?: {
    endpoint?: string;
    state?: string;
    drives?: { path?: string; endpoint?: string; state?: string; totalspace?: number; availspace?: number }[];
  }[];
}

/** With path style, a request for an object has the same form as one for administrators. */
async function drivesOf(client: Client): Promise<Drive[]> {
  const answer = await client.makeRequestAsync(
    { method: "GET", bucketName: "minio", objectName: "admin/v3/info" },
    "",
    [200],
    region,
  );
  const { servers = [] } = JSON.parse(await consumed(answer)) as Info;
  return servers.flatMap(({ endpoint = "", state = "", drives = [] }) =>
    drives.map((drive) => ({
      server: endpoint,
      path: drive.path ?? drive.endpoint ?? "",
      state: drive.state ?? state,
      totalBytes: drive.totalspace ?? 0,
      freeBytes: drive.availspace ?? 0,
    })),
  );
}

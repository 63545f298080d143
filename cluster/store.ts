import { text as consumed } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { Client } from "minio";
import type { Settings } from "../config/settings";
import { secretNames } from "../domain/names";
import { minioUrl } from "../render/addresses";
import { speaksTls } from "../render/tls";
import { secretContent } from "./secret";
import { serviceAddress } from "./serviceAddress";
import { openTunnel } from "./tunnel";

/** A login at MinIO. */
export interface StoreLogin {
  accessKey: string;
  secretKey: string;
}

/** The stack's MinIO, for its root user. */
export interface Store {
  client: Client;
  /** The answer of MinIO's admin API to a question; undefined if what was asked for does not exist. */
  admin: (call: string, query: string) => Promise<string | undefined>;
  /** Changes something by MinIO's admin API. */
  change: (call: string, query: string) => Promise<void>;
  /** The same server for somebody else. */
  as: (login: StoreLogin) => Client;
  close: () => Promise<void>;
}

/** Opens the stack's MinIO, through a tunnel unless the settings name an address. Rejects if it does not answer. */
export async function openStore(kubeConfig: KubeConfig, settings: Settings): Promise<Store> {
  const secret = { namespace: settings.namespaces.minio, name: secretNames.minioRoot };
  const { rootUser = "", rootPassword = "" } = await secretContent(kubeConfig, secret);
  const given = settings.minio.endpoint === undefined ? undefined : new URL(`http://${settings.minio.endpoint}`);
  const tunnel =
    given === undefined
      ? await openTunnel({ kubeConfig, ...serviceAddress(minioUrl(settings)), waitSeconds: 10 })
      : undefined;
  const { host, port, useSSL } =
    tunnel === undefined
      ? { host: given!.hostname, port: Number(given!.port), useSSL: speaksTls(settings.tls) }
      : { ...tunnel, useSSL: false };
  const as = (login: StoreLogin) =>
    new Client({ endPoint: host, port, useSSL, ...login, region: "us-east-1", retryOptions: { disableRetry: true } });
  const client = as({ accessKey: rootUser, secretKey: rootPassword });
  return {
    client,
    admin: async (call, query) => adminAnswer(client, "GET", { call, query }),
    change: async (call, query) => {
      await adminAnswer(client, "PUT", { call, query });
    },
    as,
    close: async () => tunnel?.close(),
  };
}

async function adminAnswer(
  client: Client,
  method: "GET" | "PUT",
  { call, query }: { call: string; query: string },
): Promise<string | undefined> {
  // The path of a call has the form of an object in a bucket, so the S3 client can send it.
  const response = await client.makeRequestAsync(
    { method, bucketName: "minio", objectName: `admin/v3/${call}`, query },
    "",
    method === "GET" ? [200, 404] : [200],
    "us-east-1",
  );
  const content = await consumed(response);
  return response.statusCode === 200 ? content : undefined;
}

import type { KubeConfig } from "@kubernetes/client-node";
import { Client } from "minio";
import type { Settings } from "../../config/settings";
import { objectKey, type Collision } from "./collisions";
import { nameInGeneration, validGenerations } from "../../domain/credentials";
import { minioUrl } from "../../render/addresses";
import { generationOf } from "../../render/rotation";
import { secretNames } from "../../domain/names";
import { hasMinio } from "../../domain/objectStore";
import { storeNames } from "../../render/minio/storePolicy";
import { speaksTls } from "../../render/tls";
import { textOf } from "../../domain/problem";
import { secretContent } from "../../cluster/secret";
import { serviceAddress } from "../../cluster/serviceAddress";
import { openTunnel } from "../../cluster/tunnel";

/** A named object in MinIO. */
export interface StoreObject {
  /** What it is. */
  kind: "Bucket" | "User" | "Policy";
  /** Its name in MinIO. */
  name: string;
}

/** The named objects that a stack makes in MinIO. */
export function storeObjects({
  minio,
  objectStore,
  rotation,
}: Pick<Settings, "minio" | "objectStore" | "rotation">): StoreObject[] {
  if (!hasMinio(objectStore)) return [];
  return [
    ...Object.values(minio.buckets).map((name): StoreObject => ({ kind: "Bucket", name })),
    ...validGenerations(generationOf({ rotation }, "lokiStore")).map((number): StoreObject => ({
      kind: "User",
      name: nameInGeneration(storeNames.user, number),
    })),
    { kind: "Policy", name: storeNames.policy },
  ];
}

/**
 * Objects in MinIO with names that the stack needs, but that are missing from its state: they belong to others. Pure.
 */
export function storeCollisions(there: readonly StoreObject[], known: ReadonlySet<string>): Collision[] {
  const foreign = there.filter(({ kind, name }) => !known.has(objectKey(kind, name)));
  if (foreign.length === 0) return [];
  const buckets = foreign.filter(({ kind }) => kind === "Bucket").map(({ name }) => name);
  const others = foreign.filter(({ kind }) => kind !== "Bucket");
  return [
    {
      problem:
        `MinIO holds ${foreign.map(({ kind, name }) => `${kind.toLowerCase()} ${name}`).join(", ")}, which ` +
        `${foreign.length === 1 ? "is" : "are"} not in this stack's state but ` +
        `${foreign.length === 1 ? "has a name" : "have names"} that it needs`,
      remedy: [
        ...(buckets.length > 0
          ? ["name other buckets: pulumi config set --path logharbor:minio.buckets.chunks NAME (or .ruler)"]
          : []),
        ...others.map(
          ({ kind, name }) => `remove it, if nothing uses it: mc admin ${kind.toLowerCase()} rm ALIAS ${name}`,
        ),
      ],
    },
  ];
}

/**
 * Looks in the stack's MinIO, as its root user, for objects with names that the stack needs but its state lacks. Does
 * nothing if the state lacks none of them, or has no MinIO. Changes nothing.
 * @returns the objects that exist; if MinIO could not be asked, `unseen` says why
 */
export async function foundInStore(
  kubeConfig: KubeConfig,
  settings: Settings,
  known: ReadonlySet<string>,
): Promise<{ there: StoreObject[]; unseen: string[] }> {
  const wanted = storeObjects(settings).filter(({ kind, name }) => !known.has(objectKey(kind, name)));
  if (wanted.length === 0 || !known.has(objectKey("Release", "minio", settings.namespaces.minio)))
    return { there: [], unseen: [] };
  try {
    return { there: await asked(kubeConfig, settings, wanted), unseen: [] };
  } catch (error) {
    return { there: [], unseen: [`buckets and users of MinIO (${textOf(error).split("\n")[0]})`] };
  }
}

async function asked(
  kubeConfig: KubeConfig,
  settings: Settings,
  wanted: readonly StoreObject[],
): Promise<StoreObject[]> {
  const secret = { namespace: settings.namespaces.minio, name: secretNames.minioRoot };
  const { rootUser = "", rootPassword = "" } = await secretContent(kubeConfig, secret);
  const given = settings.minio.endpoint === undefined ? undefined : new URL(`http://${settings.minio.endpoint}`);
  const tunnel =
    given === undefined
      ? await openTunnel({ kubeConfig, ...serviceAddress(minioUrl(settings)), waitSeconds: 10 })
      : undefined;
  try {
    const { host, port, useSSL } =
      tunnel === undefined
        ? { host: given!.hostname, port: Number(given!.port), useSSL: speaksTls(settings.tls) }
        : { ...tunnel, useSSL: false };
    const client = new Client({
      endPoint: host,
      port,
      useSSL,
      accessKey: rootUser,
      secretKey: rootPassword,
      region: "us-east-1",
      retryOptions: { disableRetry: true },
    });
    const found = await Promise.all(wanted.map(async (object) => ((await isThere(client, object)) ? [object] : [])));
    return found.flat();
  } finally {
    await tunnel?.close();
  }
}

async function isThere(client: Client, { kind, name }: StoreObject): Promise<boolean> {
  if (kind === "Bucket") return client.bucketExists(name);
  // MinIO's admin API. The path of a call has the form of an object in a bucket, so the S3 client can send it.
  const [call, query] = kind === "User" ? ["user-info", `accessKey=${name}`] : ["info-canned-policy", `name=${name}`];
  const response = await client.makeRequestAsync(
    { method: "GET", bucketName: "minio", objectName: `admin/v3/${call}`, query },
    "",
    [200, 404],
    "us-east-1",
  );
  response.resume();
  return response.statusCode === 200;
}

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { HttpProxyAgent, HttpsProxyAgent } from "hpagent";
import { Client } from "minio";
import type { Settings } from "../config/settings";
import { lokiStoreVariables } from "../domain/names";
import { codeOf, textOf } from "../domain/problem";
import { portOf } from "../domain/url";
import { bucketsOf, existingStore, storeAddress, type StoreSpec } from "../render/objectStore";
import { tlsFiles } from "../render/tls";
import { ifSeen } from "./looks";
import { proxyFor } from "./proxy";
import { readyPods } from "./readyPods";
import { secretContent } from "./secret";
import { openTunnel } from "./tunnel";

/** What Loki's storage client does with objects in a bucket. */
export const storeRights = ["list", "get", "put", "delete"] as const;

/** One of {@link storeRights}. */
export type StoreRight = (typeof storeRights)[number];

/** What a try got from the store: "ok", or the code of the error with its words. */
export interface StoreAnswer {
  code: string;
  /** Words of the store, or of this machine. Default: none. */
  says?: string;
  /** The region in which the store says that the bucket is. Default: it does not say. */
  region?: string;
}

/** What was tried in a bucket. A right that is missing here could not be tried. */
export interface BucketTrial {
  bucket: string;
  answers: Partial<Record<StoreRight, StoreAnswer>>;
  /** Whether the bucket keeps the versions of objects that are deleted. */
  versioned: boolean;
  /** Name of our own object, if it could not be removed again. */
  left?: string;
}

/** What was found out about the object store that is there already. */
export interface StoreFacts {
  /** Why nobody could try, besides the next two. Default: it was tried. */
  untried?: "identity" | "not seen" | "no pod";
  /** Secrets that do not exist yet. */
  missing: string[];
  /** Keys that a Secret lacks, or that have blanks at their ends: `secret/key`. */
  badKeys: string[];
  /** Namespace and name of the Service in the cluster that is the endpoint. Default: it is none. */
  service?: string;
  /** Port of the pods behind that Service. */
  podPort?: number;
  trials: BucketTrial[];
}

/** How a store is tried. */
export interface TrialArgs {
  /** Whether to put an object and delete it. Without that, only `list` and `get` are tried, and nothing changes. */
  writes: boolean;
  /** Keys to use while the Secret does not exist, by {@link lokiStoreVariables}. Default: none. */
  keys?: Readonly<Record<string, string | undefined>>;
}

/** How long the store may take for one answer. */
const patienceMs = 10_000;

/**
 * Tries the object store that is there already, with the keys in Loki's Secret: from this machine, or through a tunnel
 * if it is a Service in the cluster. Leaves nothing behind, and gives no key away.
 */
export async function storeFacts(kubeConfig: KubeConfig, settings: Settings, args: TrialArgs): Promise<StoreFacts> {
  const spec = existingStore(settings);
  const namespace = settings.namespaces.loki;
  const facts: StoreFacts = {
    missing: [],
    badKeys: [],
    trials: [],
    ...(await serviceOf(kubeConfig, storeAddress(spec))),
  };
  const read = async (name: string) => ifSeen(secretContent(kubeConfig, { namespace, name }), "none" as const);
  if (spec.storeCredentials === "identity") return { ...facts, untried: "identity" };
  const [found, ca] = [await read(spec.storeSecret), spec.storeCa === undefined ? {} : await read(spec.storeCa)];
  if (found === undefined || ca === undefined) return { ...facts, untried: "not seen" };
  const missing = [...(found === "none" ? [spec.storeSecret] : []), ...(ca === "none" ? [spec.storeCa!] : [])];
  const keys = found === "none" ? (args.keys ?? {}) : found;
  const { accessKeyId, secretAccessKey } = lokiStoreVariables;
  const given = keys[accessKeyId] !== undefined || keys[secretAccessKey] !== undefined;
  if (ca === "none" || (found === "none" && !given)) return { ...facts, missing };
  const named: Named[] = [
    [spec.storeSecret, accessKeyId, keys[accessKeyId]],
    [spec.storeSecret, secretAccessKey, keys[secretAccessKey]],
    ...(spec.storeCa === undefined
      ? []
      : [[spec.storeCa, tlsFiles.authority, ca[tlsFiles.authority]?.trim()] satisfies Named]),
  ];
  const badKeys = named
    .filter(([, , value]) => !value || value.trim() !== value)
    .map(([name, key]) => `${name}/${key}`);
  if (badKeys.length > 0) return { ...facts, missing, badKeys };
  if (facts.service !== undefined && facts.podPort === undefined) return { ...facts, missing, untried: "no pod" };
  const login = {
    kubeConfig,
    accessKey: keys[accessKeyId]!,
    secretKey: keys[secretAccessKey]!,
    ca: ca[tlsFiles.authority],
  };
  return {
    ...facts,
    missing,
    trials: await atStore(spec, login, async (client) =>
      Promise.all(bucketsOf(spec).map(async (bucket) => triedIn(client, bucket, args.writes))),
    ),
  };
}

/** The Service that an address names, and the port of a ready pod behind it. */
async function serviceOf(kubeConfig: KubeConfig, url: string): Promise<Pick<StoreFacts, "service" | "podPort">> {
  const named = serviceIn(url);
  if (named === undefined) return {};
  const pods = await ifSeen(readyPods(kubeConfig, named), undefined);
  if (pods === undefined) return {};
  const [pod] = pods;
  return { service: `${named.namespace}/${named.service}`, ...(pod === undefined ? {} : { podPort: pod.port }) };
}

function serviceIn(url: string): { service: string; namespace: string; port: number } | undefined {
  const [, service, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(new URL(url).hostname) ?? [];
  return service === undefined || namespace === undefined ? undefined : { service, namespace, port: portOf(url) };
}

type Named = [secret: string, key: string, value: string | undefined];

interface Login {
  /** The cluster, for a tunnel to a Service in it. */
  kubeConfig: KubeConfig;
  accessKey: string;
  secretKey: string;
  /** Certificate of the CA. Default: public ones. */
  ca?: string;
}

async function atStore<T>(
  spec: StoreSpec,
  { ca, kubeConfig, ...keys }: Login,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const url = new URL(storeAddress(spec));
  const service = serviceIn(url.href);
  const secured = url.protocol === "https:";
  const proxy = service === undefined ? proxyFor(url.href, process.env) : undefined;
  const tunnel = service && (await openTunnel({ kubeConfig, ...service, waitSeconds: 3 }));
  // Through a tunnel, the certificate is still that of the store's own name.
  const trust = { ...(ca === undefined ? {} : { ca }), ...(tunnel === undefined ? {} : { servername: url.hostname }) };
  const agent = secured
    ? proxy === undefined
      ? new https.Agent(trust)
      : new HttpsProxyAgent({ proxy, ...trust })
    : proxy === undefined
      ? new http.Agent()
      : new HttpProxyAgent({ proxy });
  try {
    return await work(
      new Client({
        endPoint: tunnel?.host ?? url.hostname,
        port: tunnel?.port ?? portOf(url.href),
        useSSL: secured,
        ...keys,
        region: spec.storeRegion,
        pathStyle: spec.storePathStyle,
        transportAgent: agent,
        retryOptions: { disableRetry: true },
      }),
    );
  } finally {
    agent.destroy();
    await tunnel?.close();
  }
}

/**
 * Tries the rights in a bucket. Only a user who may delete an object puts one, so that none stays behind. The deletion
 * of an object that does not exist changes nothing.
 */
async function triedIn(client: Client, bucket: string, writes: boolean): Promise<BucketTrial> {
  const name = `logharbor-preflight-${randomBytes(8).toString("hex")}`;
  const trial: BucketTrial = { bucket, answers: {}, versioned: false };
  const { answers } = trial;
  answers.list = await answerOf(async () =>
    (client.listObjectsV2(bucket, name, false) as AsyncIterable<unknown>)[Symbol.asyncIterator]().next(),
  );
  // Without the right to list, a store hides whether an object is there, and whether one may read it.
  const absent = await answerOf(async () => client.getObject(bucket, name));
  if (absent.code === "NoSuchKey") answers.get = { code: "ok" };
  else if (answers.list.code === "ok") answers.get = absent;
  if (!writes || !["ok", "AccessDenied"].includes(answers.list.code)) return trial;

  answers.delete = await answerOf(async () => client.removeObject(bucket, name));
  if (answers.delete.code !== "ok") return trial;
  let version: string | null | undefined;
  answers.put = await answerOf(async () => {
    version = (await client.putObject(bucket, name, "preflight of logharbor: delete me")).versionId;
  });
  if (answers.put.code !== "ok") return trial;
  answers.get = await answerOf(async () => {
    const object = await client.getObject(bucket, name);
    await once(object.resume(), "end");
  });
  answers.delete = await answerOf(async () => client.removeObject(bucket, name));
  trial.versioned = typeof version === "string" && version !== "" && version !== "null";
  if (answers.delete.code !== "ok") trial.left = name;
  else if (trial.versioned && !(await withoutVersions(client, bucket, name))) trial.left = name;
  return trial;
}

/** Removes every version of our own object, and the marks of its deletion. Returns whether the user may do so. */
async function withoutVersions(client: Client, bucket: string, name: string): Promise<boolean> {
  const { code } = await answerOf(async () => {
    for await (const item of client.listObjects(bucket, name, false, { IncludeVersion: true })) {
      const { versionId } = item as { versionId?: string };
      if (versionId !== undefined) await client.removeObject(bucket, name, { versionId });
    }
  });
  return code === "ok";
}

async function answerOf(work: () => Promise<unknown>): Promise<StoreAnswer> {
  const late = new AbortController();
  try {
    return await Promise.race([
      work().then((): StoreAnswer => ({ code: "ok" })),
      sleep(patienceMs, { code: "ETIMEDOUT" }, { signal: late.signal }),
    ]);
  } catch (error) {
    const { amzBucketRegion, region = amzBucketRegion } = error as { region?: string; amzBucketRegion?: string };
    return { code: String(codeOf(error) ?? "no answer"), says: textOf(error), ...(region ? { region } : {}) };
  } finally {
    late.abort();
  }
}

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import * as http from "node:http";
import * as https from "node:https";
import { text as consumed } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";

/** Asks for metadata only, so that we never fetch the content of Secrets. */
const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/** The API server answered with an error; `code` is the HTTP status. */
class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Metadata of an existing object. */
export interface FoundObject {
  kind: string;
  /** Undefined for an object outside of namespaces. */
  namespace?: string;
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Who has written to it, as the API server records it. */
  managers: string[];
}

export interface ObjectMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { uid: string }[];
  creationTimestamp?: string;
  managedFields?: { manager?: string; time?: string }[];
}

/** An object to write. */
export interface Write {
  method: "PUT" | "PATCH";
  path: string;
  /** Media type: JSON, or one of the kinds of patches. */
  type: string;
  content: unknown;
}

interface Request {
  method: string;
  path: string;
  headers: http.OutgoingHttpHeaders;
  body?: string;
}

/** Requests to the API server for which the client library has no typed call. */
export class KubeApi {
  constructor(private readonly kubeConfig: KubeConfig) {}

  /** The API server's answer at a path. @throws an error whose `code` is the HTTP status */
  async get<T>(path: string, accept = "application/json"): Promise<T> {
    return this.answer<T>({ method: "GET", path, headers: { accept } });
  }

  /** Writes an object, and returns it as the API server keeps it. @throws an error whose `code` is the HTTP status */
  async write<T>({ method, path, type, content }: Write): Promise<T> {
    const body = JSON.stringify(content);
    const headers = { accept: "application/json", "content-type": type, "content-length": Buffer.byteLength(body) };
    return this.answer<T>({ method, path, headers, body });
  }

  private async answer<T>({ method, path, headers, body }: Request): Promise<T> {
    const server = this.kubeConfig.getCurrentCluster()?.server ?? "";
    const options: https.RequestOptions = {};
    await this.kubeConfig.applyToHTTPSOptions(options);
    const { request } = server.startsWith("https:") ? https : http;
    const url = `${server.replace(/\/$/, "")}/${path}`;
    const sent = request(url, { ...options, method, headers: { ...options.headers, ...headers }, timeout: 30_000 });
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${server} within 30 s`)));
    sent.end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    const content = await consumed(answer);
    const code = answer.statusCode ?? 500;
    if (code >= 300) throw new ApiError(code, `${method} /${path}: ${code} ${content.slice(0, 300)}`);
    return JSON.parse(content) as T;
  }

  /** Metadata of all objects of a resource, such as "apis/apps/v1/deployments", in one namespace or in all. */
  async list(
    resource: string,
    { namespace, query = "" }: { namespace?: string; query?: string } = {},
  ): Promise<ObjectMetadata[]> {
    const slash = resource.lastIndexOf("/");
    const path =
      namespace === undefined
        ? resource
        : `${resource.slice(0, slash)}/namespaces/${namespace}${resource.slice(slash)}`;
    const { items } = await this.get<{ items?: { metadata: ObjectMetadata }[] }>(`${path}${query}`, metadataOnly);
    return (items ?? []).map(({ metadata }) => metadata);
  }
}

export function foundObject(
  kind: string,
  { name, namespace, labels = {}, annotations = {}, managedFields = [] }: ObjectMetadata,
): FoundObject {
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    labels,
    annotations,
    managers: managedFields.flatMap(({ manager }) => manager ?? []),
  };
}

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import type { StoreRight } from "../../cluster/storeTrial";

/**
 * Replaces an S3 store with one bucket, and the API server with one Secret. It checks no signature; what a real store
 * answers, the end-to-end test shows.
 */
export class StoreDouble {
  /** Names of the objects that it holds. */
  readonly objects = new Set<string>();
  /** Every request for an object or the bucket, as method and right. */
  readonly asked: StoreRight[] = [];
  /** Rights that it refuses. */
  denied: readonly StoreRight[] = [];
  /** What the Secret holds; undefined if there is none. */
  secret?: Record<string, string>;
  private readonly server = createServer((request, response) => this.answer(request, response));

  constructor(private readonly bucket: string) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get kubeConfig(): KubeConfig {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser({ name: "double", server: this.url, skipTLSVerify: true }, { name: "nobody" });
    return kubeConfig;
  }

  async start(): Promise<this> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return this;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { pathname } = new URL(request.url ?? "/", this.url);
    const say = (status: number, text = "") => response.writeHead(status).end(text);
    const refuse = (status: number, code: string) =>
      say(status, `<Error><Code>${code}</Code><Message>no</Message></Error>`);
    if (pathname.startsWith("/api/")) {
      const data = Object.entries(this.secret ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value).toString("base64"),
      ]);
      response.setHeader("Content-Type", "application/json");
      say(
        this.secret === undefined ? 404 : 200,
        JSON.stringify({ data: Object.fromEntries(data) as object, code: 404 }),
      );
      return;
    }
    const [, bucket, name = ""] = pathname.split("/");
    const right: StoreRight =
      name === "" ? "list" : (({ PUT: "put", DELETE: "delete" } as const)[request.method ?? ""] ?? "get");
    this.asked.push(right);
    if (bucket !== this.bucket) refuse(404, "NoSuchBucket");
    else if (this.denied.includes(right)) refuse(403, "AccessDenied");
    else if (right === "list") say(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
    else if (right === "get" && !this.objects.has(name)) refuse(404, "NoSuchKey");
    else {
      if (right === "put") this.objects.add(name);
      if (right === "delete") this.objects.delete(name);
      response.setHeader("ETag", '"0"');
      say(right === "delete" ? 204 : 200, right === "get" ? "preflight" : "");
    }
  }
}

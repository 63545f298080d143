import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the double knows of a pod. */
export interface KnownPod {
  namespace: string;
  name: string;
  uid: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Stands in for a Kubernetes API server: it lists these pods and their namespaces, and nothing ever changes. */
export class ApiServerDouble {
  private constructor(private readonly server: Server) {}

  static async start(pods: readonly KnownPod[]): Promise<ApiServerDouble> {
    const namespaces = [...new Set(pods.map(({ namespace }) => namespace))];
    const items: Record<string, object[]> = {
      Pod: pods.map(({ namespace, name, uid, labels, annotations }) => ({
        metadata: { namespace, name, uid, labels, annotations, resourceVersion: "1" },
        spec: { nodeName: "node" },
        status: { podIP: "10.0.0.1" },
      })),
      Namespace: namespaces.map((name) => ({ metadata: { name, uid: `uid-${name}`, resourceVersion: "1" } })),
    };
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://double");
      const kind = { "/api/v1/pods": "Pod", "/api/v1/namespaces": "Namespace" }[url.pathname];
      response.setHeader("content-type", "application/json");
      // It cannot stream the first list, as clients ask first, so they ask for the list itself.
      if (kind === undefined || url.searchParams.has("sendInitialEvents")) {
        response.statusCode = kind === undefined ? 404 : 422;
        const reason = kind === undefined ? "NotFound" : "Invalid";
        response.end(
          JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason, code: response.statusCode }),
        );
      } else if (url.searchParams.has("watch")) response.flushHeaders();
      else
        response.end(
          JSON.stringify({
            kind: `${kind}List`,
            apiVersion: "v1",
            metadata: { resourceVersion: "1" },
            items: items[kind],
          }),
        );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ApiServerDouble(server);
  }

  /** A kubeconfig that leads here, as text. */
  get kubeconfig(): string {
    const { port } = this.server.address() as AddressInfo;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "double",
      clusters: [{ name: "double", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "double", user: {} }],
      contexts: [{ name: "double", context: { cluster: "double", user: "double" } }],
    });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

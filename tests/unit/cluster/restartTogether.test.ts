import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";

import { restartTogether } from "../../../cluster/restartTogether";

/** A double of the API server with one StatefulSet: it answers what is asked about it, and deletes its pods. */
class ApiDouble {
  readonly deleted: string[] = [];
  /** Newest revision of the StatefulSet; pods that are deleted come back with it. */
  revision = "old";
  private readonly revisions = new Map(["minio-0", "minio-1", "minio-2"].map((name) => [name, "old"]));
  private server?: Server;

  async start(): Promise<KubeConfig> {
    this.server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
      response.setHeader("Content-Type", "application/json");
      response.end(
        JSON.stringify(this.answer(request.method ?? "", pathname, searchParams.get("labelSelector") ?? "")),
      );
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const kubeConfig = new KubeConfig();
    const { port } = this.server.address() as AddressInfo;
    const cluster = { name: "double", server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
    kubeConfig.loadFromClusterAndUser(cluster, { name: "nobody" });
    return kubeConfig;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private answer(method: string, path: string, selector: string): object {
    if (path.endsWith("/statefulsets")) {
      const spec = { selector: { matchLabels: { app: "minio" } } };
      const status = { observedGeneration: 1, updateRevision: this.revision };
      return { items: [{ metadata: { name: "minio", uid: "u", generation: 1 }, spec, status }] };
    }
    const name = path.split("/").at(-1)!;
    if (method === "DELETE") {
      this.deleted.push(name);
      this.revisions.set(name, this.revision);
      return { metadata: { name } };
    }
    assert.equal(selector, `app=minio,controller-revision-hash!=${this.revision}`);
    const old = [...this.revisions].filter(([, revision]) => revision !== this.revision);
    const others = [{ metadata: { name: "of-another", ownerReferences: [{ uid: "other" }] } }];
    const own = old.map(([pod]) => ({ metadata: { name: pod, ownerReferences: [{ uid: "u" }] } }));
    return { items: [...own, ...others] };
  }
}

describe("servers that must restart together", () => {
  let api: ApiDouble;
  let kubeConfig: KubeConfig;
  const servers = { namespace: "logharbor-minio", name: "minio" };

  beforeEach(async () => {
    api = new ApiDouble();
    kubeConfig = await api.start();
  });
  afterEach(() => api.stop());

  it("are all replaced at once as soon as their StatefulSet has a new version", async () => {
    const work = async () => {
      await sleep(200);
      api.revision = "new";
      for (let tries = 0; api.deleted.length < 3 && tries < 100; tries++) await sleep(100);
      return "done";
    };
    assert.equal(await restartTogether(kubeConfig, servers, work()), "done");
    assert.deepEqual(api.deleted.sort(), ["minio-0", "minio-1", "minio-2"]);
  });

  it("are left alone while it does not change, and an error of the work is passed on", async () => {
    await assert.rejects(restartTogether(kubeConfig, servers, Promise.reject(new Error("refused"))), /refused/);
    assert.deepEqual(api.deleted, []);
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { changeGrafanaPassword } from "../../../automation/grafanaPassword";

/** A double of Grafana: its account `admin`, as its HTTP API shows and changes it. */
class GrafanaDouble {
  readonly calls: string[] = [];
  private server?: Server;

  constructor(public password: string) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const [, given] = (request.headers.authorization ?? "").split(" ");
        const isAdmin = Buffer.from(given ?? "", "base64").toString() === `admin:${this.password}`;
        this.calls.push(`${request.method} ${request.url} ${isAdmin ? 200 : 401}`);
        if (isAdmin && request.method === "PUT") {
          const { oldPassword, newPassword, confirmNew } = JSON.parse(body) as Record<string, string>;
          assert.equal(oldPassword, this.password);
          assert.equal(confirmNew, newPassword);
          this.password = newPassword!;
        }
        response.writeHead(isAdmin ? 200 : 401, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ message: isAdmin ? "ok" : "Invalid username or password" }));
      });
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
  }
}

describe("the password of Grafana's administrator", () => {
  let grafana: GrafanaDouble;
  let url: string;

  beforeEach(async () => {
    grafana = new GrafanaDouble("old");
    url = await grafana.start();
  });
  afterEach(() => grafana.stop());

  it("is changed in Grafana, with one wrong try", async () => {
    await changeGrafanaPassword(url, { user: "admin", password: "new", previous: "old" });
    assert.equal(grafana.password, "new");
    assert.deepEqual(grafana.calls, ["GET /api/user 401", "PUT /api/user/password 200", "GET /api/user 200"]);
  });

  it("stays if an earlier run has changed it", async () => {
    grafana.password = "new";
    await changeGrafanaPassword(url, { user: "admin", password: "new", previous: "old" });
    assert.deepEqual(grafana.calls, ["GET /api/user 200"]);
  });

  it("is an error with a remedy if Grafana knows neither", async () => {
    grafana.password = "changed by hand";
    await assert.rejects(
      changeGrafanaPassword(url, { user: "admin", password: "new", previous: "old" }),
      /Grafana did not take the new password of admin \(401 .*Invalid.*\n {2}-> .*reset-admin-password/,
    );
    await assert.rejects(changeGrafanaPassword(url, { user: "admin", password: "new" }), /did not take/);
  });
});

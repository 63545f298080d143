import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AlloyProcess } from "../support/alloyProcess";
import { LokiSuite } from "../support/lokiSuite";
import { readAll } from "../support/readBack";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

/** An event as the API server's audit log has it. */
const audited = (number: number, more: object = {}) =>
  JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: `00000000-0000-4000-a000-${String(number).padStart(12, "0")}`,
    stage: "ResponseComplete",
    requestURI: `/api/v1/namespaces/shop/secrets/key-${number}`,
    verb: "get",
    user: { username: "system:serviceaccount:shop:web", groups: ["system:authenticated"] },
    sourceIPs: ["10.0.0.7"],
    objectRef: { resource: "secrets", namespace: "shop", name: `key-${number}`, apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: "2026-11-26T06:00:00.000000Z",
    stageTimestamp: "2026-11-26T06:00:00.001000Z",
    ...more,
  });

/** Real Alloy and real Loki as processes of this machine, with files below a temporary folder as those of a node. */
describe("log files of a node", () => {
  const loki = new LokiSuite("node-logs");
  const { dir } = loki;
  const began = new Date(Date.now() - 60_000);

  const stored = async (query: string, count: number) =>
    waitFor(`${count} lines of ${query}`, 60, async () => {
      const entries = await readAll({ url: loki.url, tenant: "any" }, query, began);
      return entries.length >= count ? entries : undefined;
    });

  full(
    "half a minute; unit tests hold the rendering",
    "are read from their beginning, over a rotation and a restart, each line once, and masked",
    async () => {
      const [audit, deep] = [join(dir, "audit"), join(dir, "app", "shop", "logs")];
      [audit, deep].forEach((folder) => mkdirSync(folder, { recursive: true }));
      const log = join(audit, "audit.log");
      const hostFiles = [
        // Not *.log: the files that the API server has rotated would be read again, under their new names.
        { app: "audit", path: log },
        { app: "files", path: join(dir, "app", "**", "*.txt") },
      ];
      const place = { dir: join(dir, "alloy"), lokiUrl: loki.url, pods: [], alloy: { hostFiles } };
      mkdirSync(place.dir);
      const events = Array.from({ length: 120 }, (_, number) => audited(number));
      const write = (from: number, to: number) => appendFileSync(log, `${events.slice(from, to).join("\n")}\n`);
      write(0, 40); // before Alloy is there
      writeFileSync(join(deep, "a.txt"), "deep\n");
      const first = await AlloyProcess.start(place);
      await stored('{app="audit"}', 40);
      write(40, 60);
      // As the API server rotates it: the old file gets a name with its time, which ends in .log too.
      renameSync(log, join(audit, "audit-2026-11-26T06-00-00.000.log"));
      write(60, 80);
      await stored('{app="audit"}', 80);
      await first.stop();
      write(80, 100); // while Alloy is away
      const second = await AlloyProcess.start(place);
      write(100, 120);
      appendFileSync(log, "token of https://admin:hunter2@example.com\n");
      const entries = await stored('{app="audit"}', 121);
      const lines = entries.map(({ line }) => line);
      assert.deepEqual(
        [...new Set(lines)].sort(),
        [...events, "token of https://admin:<masked:url-password>@example.com"].sort(),
      );
      assert.equal(lines.length, 121, "a line is stored twice");
      const [entry] = entries;
      assert.deepEqual([entry!.labels.node, entry!.labels.app], ["node", "audit"]);
      assert.ok(entry!.labels.filename === undefined && entry!.metadata.filename?.startsWith(audit));
      const [other] = await stored('{app="files"}', 1);
      assert.deepEqual([other!.line, other!.metadata.filename], ["deep", join(deep, "a.txt")]);
      await second.stop();
    },
  );
});

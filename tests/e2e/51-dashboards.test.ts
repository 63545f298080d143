import assert from "node:assert/strict";
import { logsDashboard } from "../../render/grafana/logsDashboard";
import { platformLogsDashboard } from "../../render/grafana/platformLogsDashboard";
import { panelsOf, queriesOf } from "../support/dashboards";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("the dashboards over logs", () => {
  const p = platform();
  before(async () => p.ensureUp());

  full(
    "no Grafana shows them here; the grammar reads each query in a unit test",
    "ask Loki what it can answer",
    async () => {
      // These find something only while something is wrong, or after a while.
      const quiet = [
        "Newest errors",
        "Pushes that Loki refuses",
        "Queries that failed or took more than 5 s",
        "Tables that are compacted",
        "MinIO: errors and offline drives",
        "Warnings and errors of Alloy by node",
        "Warnings and errors of the platform",
        "Lines that arrived whole, of 6 a minute",
        "Late lines",
        "Missing lines",
      ];
      await p.flush();
      for (const dashboard of [
        logsDashboard(),
        platformLogsDashboard({ platform: p.settings.namespaces, canary: true, minio: true }),
      ]) {
        const lines = panelsOf(dashboard).filter(({ type }) => type === "logs");
        for (const [title, query] of queriesOf(dashboard)) {
          const isLines = lines.some((panel) => panel.title === title);
          const path = `/loki/api/v1/query${isLines ? "_range" : ""}?${new URLSearchParams({ query }).toString()}`;
          await waitFor(title, 60, async () => {
            const answer = await p.askLoki(path);
            assert.equal(answer.status, 200, `${title}: ${query}: ${await answer.clone().text()}`);
            const { data } = (await answer.json()) as { data: { result: unknown[] } };
            return data.result.length > 0 || quiet.includes(title) ? true : undefined;
          });
        }
      }
    },
  );
});

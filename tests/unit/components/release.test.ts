import assert from "node:assert/strict";

import { chartLocation } from "../../../components/release";
import type { ChartSource } from "../../../config/settings";

describe("charts", () => {
  const chart: ChartSource = { repository: "https://charts.example.com", version: "1.2.3" };

  it("come from a repository, an OCI address or a path", () => {
    assert.deepEqual(chartLocation("loki", chart), {
      chart: "loki",
      version: "1.2.3",
      repositoryOpts: { repo: "https://charts.example.com" },
    });
    assert.deepEqual(chartLocation("loki", { ...chart, repository: "oci://ghcr.io/charts/" }), {
      chart: "oci://ghcr.io/charts/loki",
      version: "1.2.3",
    });
    assert.deepEqual(chartLocation("loki", { ...chart, path: "/srv/charts/loki" }), { chart: "/srv/charts/loki" });
  });

  it("come from a private repository with a login, and with a CA of one's own", () => {
    const { repositoryOpts } = chartLocation("loki", { ...chart, caFile: "/ca.pem" }, "secret");
    assert.deepEqual(repositoryOpts, { repo: chart.repository, caFile: "/ca.pem" }, "no user, no login");
    assert.throws(
      () => chartLocation("loki", { ...chart, username: "robot" }),
      /charts\.loki\.username is set, and the password .* is missing\.\n.*--secret charts:password\n.*LOGHARBOR_CHARTS_PASSWORD/,
    );
  });
});

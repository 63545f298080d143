import assert from "node:assert/strict";

import { planOf } from "../../../render/plan";
import { settingsFor } from "../../support/stack";

describe("addresses", () => {
  it("of dev go to Loki itself, those of prod to its gateway", () => {
    assert.deepEqual(planOf(settingsFor("dev")).addresses, {
      minio: "http://minio.logharbor-minio.svc:9000",
      minioConsole: "http://minio-console.logharbor-minio.svc:9001",
      loki: "http://loki.logharbor-loki.svc:3100",
      grafana: "http://grafana.logharbor-grafana.svc:80",
    });
    assert.equal(planOf(settingsFor("prod")).addresses.loki, "http://loki-gateway.logharbor-loki.svc:80");
  });

  it("leave Grafana out where there is none", () => {
    assert.ok(!("grafana" in planOf(settingsFor("dev", { grafana: { enabled: false } })).addresses));
  });
});

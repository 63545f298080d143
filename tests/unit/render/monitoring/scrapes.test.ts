import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { alloyValues } from "../../../../render/alloy/values";
import { grafanaValues } from "../../../../render/grafana/values";
import { lokiValues } from "../../../../render/loki/values";
import { metricsPolicy, metricsToken } from "../../../../render/minio/metricsUser";
import { serviceMonitor } from "../../../../render/monitoring/scrapes";
import { planOf } from "../../../../render/plan";
import { settingsFor, type Overrides } from "../../../support/stack";

const plan = (monitoring: Overrides, prometheusOperator: boolean, more: Overrides = {}) =>
  planOf(settingsFor("dev", { monitoring: { namespaces: ["monitoring"], ...monitoring }, ...more }), {
    prometheusOperator,
  });

describe("what a Prometheus scrapes", () => {
  it("is told by monitors where the operator is, or where the settings want them; by annotations else", () => {
    const expected: [serviceMonitors: string, operator: boolean, monitors: boolean][] = [
      ["auto", true, true],
      ["auto", false, false],
      ["on", false, true],
      ["off", true, false],
    ];
    for (const [serviceMonitors, operator, monitors] of expected) {
      const { alloy, grafana, loki, monitoring } = plan({ serviceMonitors }, operator);
      assert.equal(monitoring?.operator, monitors, serviceMonitors);
      for (const values of [alloyValues(alloy), grafanaValues(grafana!), lokiValues(loki)])
        assert.equal(JSON.stringify(values).includes('"prometheus.io/scrape":"true"'), !monitors, serviceMonitors);
    }
  });

  it("is Grafana below the path of its address", () => {
    const grafana = { url: "https://logs.example.com/grafana" };
    const values = JSON.stringify(grafanaValues(plan({}, false, { grafana }).grafana!));
    assert.ok(values.includes('"prometheus.io/path":"/grafana/metrics"'));
    const { endpoints } = serviceMonitor("grafana", plan({}, true, { grafana }).monitoring!);
    assert.deepEqual(endpoints, [{ port: "service", path: "/grafana/metrics" }]);
  });

  it("is nothing if nobody scrapes", () => {
    const { loki, monitoring } = planOf(settingsFor("dev"), { prometheusOperator: true });
    assert.equal(monitoring, undefined);
    assert.ok(!JSON.stringify(lokiValues(loki)).includes("prometheus.io/scrape"));
  });

  it("is Loki, but not its gateway", () => {
    const { loki } = plan({}, false, { gateway: { authentication: "basic" } });
    const { gateway, singleBinary } = lokiValues(loki) as Record<string, { podAnnotations?: object }>;
    assert.deepEqual(singleBinary?.podAnnotations, {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": "3100",
      "prometheus.io/path": "/metrics",
    });
    assert.equal(gateway?.podAnnotations, undefined);
  });

  it("is MinIO with its token, and over TLS where the stack has it", () => {
    const monitor = (more: Overrides) => serviceMonitor("minio", plan({}, true, more).monitoring!);
    const authorization = { credentials: { name: "minio-metrics", key: "token" } };
    assert.deepEqual(monitor({}).endpoints, [{ port: "http", path: "/minio/v2/metrics/cluster", authorization }]);
    assert.deepEqual(monitor({ tls: { certificates: "given" } }).endpoints, [
      {
        port: "https",
        path: "/minio/v2/metrics/cluster",
        authorization,
        scheme: "https",
        tlsConfig: {
          ca: { secret: { name: "logharbor-tls", key: "ca.crt" } },
          serverName: "minio.logharbor-minio.svc",
        },
      },
    ]);
  });
});

describe("the token for MinIO's metrics", () => {
  const [header, claims, signature] = metricsToken("password").split(".") as [string, string, string];
  const decoded = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString());

  it("is signed with the password of a user that may read metrics and nothing else", () => {
    assert.deepEqual(decoded(header), { alg: "HS512", typ: "JWT" });
    assert.deepEqual(decoded(claims), { exp: 4_102_444_800, iss: "prometheus", sub: "metrics" });
    assert.equal(signature, createHmac("sha512", "password").update(`${header}.${claims}`).digest("base64url"));
    assert.deepEqual((JSON.parse(metricsPolicy()) as { Statement: { Action: string[] }[] }).Statement[0]?.Action, [
      "admin:Prometheus",
    ]);
  });
});

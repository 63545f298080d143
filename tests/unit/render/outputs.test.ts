import assert from "node:assert/strict";

import { outputsOf } from "../../../render/outputs";
import { settingsFor, someStore, type Overrides } from "../../support/stack";

describe("outputs", () => {
  it("say where things are, and in which Secrets the credentials", () => {
    const outputs = outputsOf(settingsFor("dev", { tenant: "team-a", namespaces: { grafana: "dash" } }));
    assert.deepEqual(outputs.secrets, {
      minioRoot: { namespace: "logharbor-minio", name: "minio-root" },
      lokiStore: { namespace: "logharbor-loki", name: "loki-object-store" },
      grafanaAdmin: { namespace: "dash", name: "grafana-admin" },
    });
    assert.equal(outputs.tenant, "team-a");
    assert.match(outputs.grafanaAccess?.open ?? "", /^kubectl -n dash port-forward svc\/grafana 3000:80/);
  });

  it("lead to Grafana at its address, and below its path where only a tunnel leads to it", () => {
    const grafana = { url: "https://logs.example.com/grafana" };
    const open = (overrides: Overrides) => outputsOf(settingsFor("dev", overrides)).grafanaAccess?.open;
    assert.equal(
      open({ grafana, ingressNamespaces: ["ingress-nginx"], exposure: { grafana: { kind: "ingress" } } }),
      "https://logs.example.com/grafana as admin",
    );
    assert.match(open({ grafana }) ?? "", /then http:\/\/localhost:3000\/grafana as admin$/);
  });

  it("have nothing of Grafana where there is none", () => {
    const outputs = outputsOf(settingsFor("dev", { grafana: { enabled: false } }));
    assert.ok(
      !JSON.stringify(outputs).toLowerCase().includes("grafana/grafana") &&
        !("grafanaAccess" in outputs) &&
        !("grafana" in outputs.namespaces) &&
        !("grafana" in outputs.versions),
    );
  });

  it("have nothing of MinIO where Loki stores elsewhere, and say where that is", () => {
    const outputs = outputsOf(settingsFor("prod", { objectStore: someStore }));
    assert.doesNotMatch(JSON.stringify(outputs), /minio/i);
    assert.equal(outputs.erasure, undefined);
    assert.deepEqual(outputs.objectStore, { url: "https://s3.example.com:9443", buckets: ["our-logs"] });
    assert.deepEqual(outputs.secrets.lokiStore, { namespace: "logharbor-loki", name: "log-store" });
  });

  it("name each image as it is pulled, and each chart as it is found", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const { versions } = outputsOf(
      settingsFor("dev", {
        images: { mirror: "mirror.example.com", loki: { digest } },
        charts: { minio: { path: "/srv/minio" } },
      }),
    );
    assert.deepEqual(versions.loki, { chart: "18.11.0", image: `mirror.example.com/grafana/loki@${digest}` });
    assert.deepEqual(versions.minio, {
      chart: "/srv/minio",
      image: "mirror.example.com/pgsty/silo:RELEASE.2026-09-16T00-00-00Z",
    });
  });
});

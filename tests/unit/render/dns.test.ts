import assert from "node:assert/strict";

import { releasesOf } from "../../../render/releases";
import { settingsFor, someReceiver, stackResources, type Overrides } from "../../support/stack";
import type { Tree } from "../../support/tree";

const dns = { service: "coredns", namespace: "dns", domain: "corp.local" };
const everything: Overrides = {
  dns,
  gateway: { authentication: "basic" },
  tls: { certificates: "cert-manager", issuer: "internal-ca" },
  alerts: { alertmanager: "own", own: { instances: 3, receivers: [someReceiver] } },
};
const loki = (overrides: Overrides) =>
  releasesOf(settingsFor("prod", overrides)).find(({ name }) => name === "loki")!.values as Tree;

describe("the cluster's DNS", () => {
  for (const topology of ["single-binary", "simple-scalable", "ha-monolithic"]) {
    it(`${topology}: no object names another domain than the settings`, async () => {
      const text = JSON.stringify(await stackResources("prod", { ...everything, topology }));
      assert.ok(!text.includes("cluster.local"));
      assert.ok(text.includes("minio.logharbor-minio.svc.corp.local"), "the certificates hold the full names");
    });
  }

  it("is what the gateway asks, by name or by address", () => {
    assert.deepEqual(loki({ dns }).global, { clusterDomain: "corp.local", dnsService: "coredns", dnsNamespace: "dns" });
    assert.equal(loki({ dns }).gateway?.nginxConfig?.resolver, undefined);
    assert.equal(loki({ dns: { address: "169.254.169.254" } }).gateway?.nginxConfig?.resolver, "169.254.169.254");
    assert.equal(
      loki({ dns: { address: "fd00::a" } }).gateway?.nginxConfig?.resolver,
      "[fd00::a]",
      "as nginx wants it",
    );
  });
});

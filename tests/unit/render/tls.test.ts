import assert from "node:assert/strict";

import { planOf } from "../../../render/plan";
import { secretNames } from "../../../domain/names";
import { alloyPipeline } from "../../../render/alloy/pipeline";
import { alloyValues } from "../../../render/alloy/values";
import { grafanaValues } from "../../../render/grafana/values";
import { lokiConfig } from "../../../render/loki/config";
import { lokiValues } from "../../../render/loki/values";
import { minioValues } from "../../../render/minio/values";
import type { Values } from "../../../render/pod";
import { settingsFor, type Overrides } from "../../support/stack";
import { at } from "../../support/tree";

const given: Overrides = { tls: { certificates: "given" } };
/** What is at a path, written with dots. */
const of = (tree: unknown, path: string) => at(tree, ...path.split("."));
const authority = "/etc/logharbor-tls/ca.crt";

describe("TLS", () => {
  it("is in every address, at the gateway in each topology", () => {
    for (const topology of ["single-binary", "simple-scalable", "ha-monolithic"]) {
      const { minio, minioConsole, loki } = planOf(settingsFor("dev", { ...given, topology })).addresses;
      assert.deepEqual(
        [minio, minioConsole, loki],
        [
          "https://minio.logharbor-minio.svc:9000",
          "https://minio-console.logharbor-minio.svc:9001",
          "https://loki-gateway.logharbor-loki.svc:443",
        ],
        topology,
      );
    }
  });

  it("has every client check the authority, and none reads a key", () => {
    const settings = settingsFor("prod", given);
    const s3 = (config: Values) => [of(config, "common.storage.s3"), of(config, "ruler.storage.s3")];
    for (const store of s3(lokiConfig(planOf(settings).loki))) {
      assert.equal(of(store, "insecure"), false);
      assert.deepEqual(of(store, "http_config"), { ca_file: authority });
    }
    assert.match(
      alloyPipeline(planOf(settings).alloy),
      /tls_config \{\n +ca_file = "\/etc\/logharbor-tls\/ca\.crt"\n +\}/,
    );
    assert.match(
      JSON.stringify(grafanaValues(planOf(settings).grafana!)),
      /"tlsAuthWithCACert":true.*"tlsCACert":"\$__file\{\/etc\/logharbor-tls\/ca\.crt\}"/,
    );
    const mounts = [
      of(lokiValues(planOf(settings).loki), "defaults.extraVolumes.0.secret"),
      of(alloyValues(planOf(settings).alloy), "controller.volumes.extra.1.secret"),
      of(grafanaValues(planOf(settings).grafana!), "extraSecretMounts.0"),
    ];
    for (const mount of mounts) {
      assert.equal(of(mount, "secretName"), secretNames.tls);
      assert.deepEqual(of(mount, "items"), [{ key: "ca.crt", path: "ca.crt" }]);
    }
  });

  it("has MinIO and the gateway serve the certificate of their namespace, and probes speak it", () => {
    const minio = minioValues(planOf(settingsFor("prod", given)).minio!);
    assert.deepEqual(minio.tls, {
      enabled: true,
      certSecret: secretNames.tls,
      publicCrt: "tls.crt",
      privateKey: "tls.key",
    });
    assert.equal(minio.trustedCertsSecret, secretNames.tls);
    assert.equal(of(minio, "extraContainers.0.readinessProbe.httpGet.scheme"), "HTTPS");
    assert.ok(!("extraVolumes" in minio), "a folder of its own would lie over that of the certificates");
    const gateway = lokiValues(planOf(settingsFor("dev", given)).loki).gateway;
    assert.deepEqual(
      [of(gateway, "nginxConfig.ssl"), of(gateway, "service.port"), of(gateway, "readinessProbe.httpGet.scheme")],
      [true, 443, "HTTPS"],
    );
    // Read at each handshake, since the folder is a variable: a renewed certificate needs no restart.
    assert.match(
      String(of(gateway, "nginxConfig.httpSnippet")),
      /map \$ssl_server_name \$certificates \{ default \/etc\/logharbor-tls; \}/,
    );
    assert.match(
      String(of(gateway, "nginxConfig.serverSnippet")),
      /ssl_certificate \$certificates\/tls\.crt;\nssl_certificate_key \$certificates\/tls\.key;/,
    );
  });
});

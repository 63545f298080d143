import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { findsItself, leavingOutPlatform } from "../../../../config/alertQueries";
import { faultIn, yieldsNumbers } from "../../../../domain/logql";
import { lokiConfig, lokiConfigText } from "../../../../render/loki/config";
import { ruleFiles } from "../../../../render/loki/rules";
import { rulerPod } from "../../../../render/loki/ruler";
import { planOf } from "../../../../render/plan";
import { settingsFor, someReceiver, type Overrides } from "../../../support/stack";
import type { Tree } from "../../../support/tree";

const specOf = (profile: "dev" | "prod", overrides: Overrides = {}) => planOf(settingsFor(profile, overrides)).loki;
const rulerOf = (profile: "dev" | "prod", overrides: Overrides = {}) =>
  (lokiConfig(specOf(profile, overrides)) as Tree).ruler as Tree;
const rule = { name: "A", expr: 'sum(rate({app="shop"}[1m]))', threshold: 1, severity: "info" };

interface File {
  groups: {
    name: string;
    rules: { alert?: string; expr: string; for?: string; labels?: object; annotations?: object }[];
  }[];
}
const filesOf = (overrides: Overrides) =>
  Object.values(ruleFiles(specOf("dev", overrides))).map((text) => parse(text) as File);

describe("Loki's ruler", () => {
  it("shares rules where there are several, and has the readers evaluate in prod", () => {
    assert.equal(rulerOf("dev").enable_sharding, undefined);
    assert.equal(rulerOf("dev").evaluation, undefined);
    assert.equal(rulerOf("prod").enable_sharding, true);
    assert.deepEqual(rulerOf("prod").evaluation, {
      mode: "remote",
      query_frontend: { address: "dns:///loki-read-headless.logharbor-loki.svc:9095" },
    });
    const monolithic = rulerOf("prod", { topology: "ha-monolithic" });
    assert.deepEqual([monolithic.enable_sharding, monolithic.evaluation], [true, undefined]);
  });

  it("notifies nobody, each replica of the stack's own Alertmanager, or those that exist", () => {
    assert.equal(rulerOf("prod").alertmanager_url, undefined);
    assert.equal(
      rulerOf("prod", { alerts: { alertmanager: "own", own: { instances: 2, receivers: [someReceiver] } } })
        .alertmanager_url,
      "http://alertmanager-0.alertmanager.logharbor-loki.svc:9093,http://alertmanager-1.alertmanager.logharbor-loki.svc:9093",
    );
    const existing = { urls: ["https://am.example.com", "https://am2.example.com"], login: "am", ca: "am-ca" };
    const ruler = rulerOf("dev", { alerts: { alertmanager: "existing", existing } });
    assert.equal(ruler.alertmanager_url, "https://am.example.com,https://am2.example.com");
    assert.equal(ruler.alertmanager_client?.tls_ca_path, "/etc/loki/alertmanager-ca/ca.crt");
  });

  it("gets logins from its environment, quoted for any password", () => {
    const overrides = {
      alerts: {
        alertmanager: "existing",
        existing: { urls: ["http://am:9093"], login: "am" },
        recording: { url: "http://prometheus:9090/api/v1/write", login: "prom" },
      },
    };
    const text = lokiConfigText(specOf("dev", overrides));
    assert.match(text, /basic_auth_username: '\$\{ALERTMANAGER_USERNAME\}'/);
    assert.match(text, /basic_auth_password: '\$\{ALERTMANAGER_PASSWORD\}'/);
    assert.match(text, /basic_auth:\n +password: '\$\{REMOTE_WRITE_PASSWORD\}'/);
    const { extraEnv } = rulerPod(specOf("dev", overrides)) as { extraEnv: Tree[] };
    assert.deepEqual(
      extraEnv.map(({ name, valueFrom }) => [name, valueFrom?.secretKeyRef?.name, valueFrom?.secretKeyRef?.key]),
      [
        ["ALERTMANAGER_USERNAME", "am", "username"],
        ["ALERTMANAGER_PASSWORD", "am", "password"],
        ["REMOTE_WRITE_USERNAME", "prom", "username"],
        ["REMOTE_WRITE_PASSWORD", "prom", "password"],
      ],
    );
  });

  it("mounts each tenant's rules in a folder of its own", () => {
    const gateway = { authentication: "basic", tenants: ["team-a", "team-b"] };
    const overrides = { gateway, alerts: { rules: [rule, { ...rule, tenant: "team-b" }] } };
    const { extraVolumes, extraVolumeMounts } = rulerPod(specOf("dev", overrides)) as Record<string, Tree[]>;
    assert.deepEqual(
      extraVolumeMounts?.map(({ name, mountPath }) => [name, mountPath]),
      [
        ["rules-0", "/etc/loki/rules/logharbor"],
        ["rules-1", "/etc/loki/rules/team-b"],
      ],
    );
    assert.deepEqual(
      extraVolumes?.map(({ configMap }) => (configMap!.items as unknown as Tree[]).map(({ key }) => key)),
      [["tenant-0.yaml"], ["tenant-1.yaml"]],
    );
    const [own, team] = filesOf(overrides);
    assert.deepEqual(
      own?.groups.map(({ name }) => name),
      ["A", "LogharborPlatform", "LogharborTest"],
    );
    assert.deepEqual(
      team?.groups.map(({ rules }) => rules[0]?.labels),
      [{ severity: "info", tenant: "team-b" }],
    );
  });

  it("has no files where rules are in the bucket", () => {
    const overrides = { alerts: { storage: "bucket", rules: [] } };
    assert.deepEqual((rulerPod(specOf("dev", overrides)) as { extraVolumes: unknown }).extraVolumes, []);
    assert.equal(rulerOf("dev", overrides).storage?.type, "s3");
  });

  it("keeps names that YAML or Helm would eat", () => {
    const names = ["yes", "1e3", 'a "quoted" name', "中文", "{{ $labels.pod }}", "null", "#x: y"];
    const rules = names.map((name) => ({ ...rule, name, summary: `about ${name}`, labels: { team: name } }));
    const [file] = filesOf({ alerts: { rules } });
    assert.deepEqual(
      file?.groups.slice(0, names.length).map(({ name }) => name),
      names,
    );
    assert.deepEqual(
      file?.groups
        .slice(0, names.length)
        .map(({ rules: [first] }) => [first?.alert, first?.labels, first?.annotations]),
      names.map((name) => [name, { team: name, severity: "info", tenant: "logharbor" }, { summary: `about ${name}` }]),
    );
  });

  it("watches the platform by its own logs, with queries that are valid and don't find themselves", () => {
    for (const profile of ["dev", "prod"] as const) {
      const { platform, platformAlerts } = specOf(profile).ruler;
      assert.ok(platformAlerts.length > 10);
      for (const { name, expr } of platformAlerts) {
        assert.equal(faultIn(expr), undefined, name);
        assert.ok(yieldsNumbers(expr), name);
        assert.ok(!findsItself(expr, platform), name);
        assert.equal(leavingOutPlatform(expr, platform), expr, name);
      }
    }
    assert.deepEqual(specOf("dev", { alerts: { platform: false } }).ruler.platformAlerts, []);
  });

  it("takes rules from files, without the platform's logs", () => {
    const path = join(mkdtempSync(join(tmpdir(), "rules-")), "shop.yaml");
    writeFileSync(
      path,
      'groups: [{name: shop, interval: 30s, rules: [{alert: Any, expr: "sum(rate({namespace=~\\".+\\"}[1m])) > 0", for: 2m}]}]',
    );
    const [file] = filesOf({ alerts: { files: [path] } });
    assert.deepEqual(file?.groups[1], {
      name: "shop",
      interval: "30s",
      rules: [
        {
          alert: "Any",
          expr:
            'sum(rate({namespace=~".+", ' +
            'namespace!~"logharbor-alloy|logharbor-grafana|logharbor-loki|logharbor-minio"}[1m])) > 0',
          for: "2m",
        },
      ],
    });
  });
});

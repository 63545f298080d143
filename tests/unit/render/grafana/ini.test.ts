import assert from "node:assert/strict";

import { gatewayVariables } from "../../../../domain/names";
import { grafanaIni } from "../../../../render/grafana/ini";
import { grafanaValues } from "../../../../render/grafana/values";
import { planOf } from "../../../../render/plan";
import { exposed, settingsFor, someDatabase, someOidc, type Overrides } from "../../../support/stack";
import { at, textAt, type Tree } from "../../../support/tree";

/** Sections and keys of Grafana's conf/defaults.ini, as far as we set them. Grafana ignores any other. */
const documented: Record<string, readonly string[]> = {
  analytics: ["check_for_updates", "check_for_plugin_updates", "reporting_enabled"],
  plugins: ["preinstall_disabled", "preinstall_auto_update", "public_key_retrieval_disabled"],
  "auth.anonymous": ["enabled"],
  users: ["allow_sign_up"],
  dataproxy: ["timeout"],
  unified_alerting: ["evaluation_timeout", "ha_listen_address", "ha_advertise_address", "ha_peers"],
  server: ["root_url", "serve_from_sub_path"],
  security: ["cookie_secure", "secret_key"],
  database: ["type", "host", "name", "user", "password", "ssl_mode", "ca_cert_path"],
  "auth.generic_oauth": [
    "enabled",
    "name",
    "allow_sign_up",
    "client_id",
    "client_secret",
    "scopes",
    "auth_url",
    "token_url",
    "api_url",
    "use_pkce",
    "role_attribute_path",
    "role_attribute_strict",
    "tls_client_ca",
  ],
  smtp: ["enabled", "host", "user", "password", "from_address", "startTLS_policy"],
};

const specOf = (overrides: Overrides) => planOf(settingsFor("prod", overrides)).grafana!;
const iniOf = (overrides: Overrides) => grafanaIni(specOf(overrides));
const url = "https://grafana.example.com";

describe("Grafana's configuration", () => {
  it("has only keys that Grafana documents", () => {
    const keys = Object.entries(iniOf(exposed)).flatMap(([section, values]) =>
      Object.keys(values).map((key) => `${section}.${key}`),
    );
    const known = Object.entries(documented).flatMap(([section, names]) => names.map((key) => `${section}.${key}`));
    assert.deepEqual(keys.sort(), known.sort());
  });

  it("has no secret: each is a variable that a Secret provides, in the data sources too", () => {
    const values = grafanaValues(specOf(exposed)) as Tree;
    const text = JSON.stringify([values["grafana.ini"], values.datasources?.["datasources.yaml"]]);
    const used = new Set([...text.matchAll(/\$__env\{(\w+)\}/g)].map(([, name]) => name!));
    const provided = [...Object.keys(values.envValueFrom ?? {}), ...Object.values(gatewayVariables), "POD_IP"];
    assert.deepEqual(
      [...used].filter((name) => !provided.includes(name)),
      [],
    );
    for (const [section, key] of [
      ["database", "password"],
      ["security", "secret_key"],
      ["smtp", "password"],
      ["auth.generic_oauth", "client_secret"],
    ] as const)
      assert.match(textAt(values, "grafana.ini", section, key), /^\$__env\{[A-Z_]+\}$/);
    for (const variable of Object.values(values.envValueFrom ?? {}))
      assert.deepEqual(Object.keys(variable), ["secretKeyRef"]);
  });

  it("holds nothing that the chart would evaluate, and no line break", () => {
    for (const section of Object.values(iniOf(exposed)))
      for (const [key, value] of Object.entries(section)) assert.doesNotMatch(String(value), /\{\{|\n/, key);
  });

  it("serves below the path of its address, and is asked for its health there", () => {
    const values = (address: string) => grafanaValues(specOf({ grafana: { url: address } })) as Tree;
    assert.deepEqual(values(`${url}/logs/`)["grafana.ini"]?.server, {
      root_url: `${url}/logs/`,
      serve_from_sub_path: true,
    });
    assert.deepEqual(values(`${url}/logs/`).livenessProbe, { httpGet: { path: "/logs/healthz" } });
    assert.deepEqual(values(`${url}/logs/`).readinessProbe, { httpGet: { path: "/logs/api/health" } });
    assert.deepEqual(values(`${url}/`)["grafana.ini"]?.server, { root_url: `${url}/` });
    assert.deepEqual(values(url).livenessProbe, { httpGet: { path: "/healthz" } });
  });

  it("takes the expression of a role as it is, whatever quotes it has, and refuses whom it gives none", () => {
    const login = iniOf({ grafana: { url, oidc: { ...someOidc, roleAttributePath: "'Viewer'" } } })[
      "auth.generic_oauth"
    ];
    assert.equal(login?.role_attribute_path, `"""'Viewer'"""`);
    assert.equal(login?.role_attribute_strict, true);
  });

  it("asks for TLS where nothing else is said: of the mail server, and of PostgreSQL with its name", () => {
    const { database, smtp } = iniOf({
      grafana: {
        database: { ...someDatabase, ca: undefined },
        smtp: { host: "smtp.example.com:25", from: "grafana@example.com" },
      },
    });
    assert.equal(smtp?.startTLS_policy, "MandatoryStartTLS");
    assert.equal(database?.ssl_mode, "verify-full");
    assert.deepEqual(Object.keys(smtp ?? {}), ["enabled", "host", "from_address", "startTLS_policy"], "no login");
  });
});

describe("several Grafanas", () => {
  const grafana = { database: someDatabase, replicas: 3 };
  const values = (overrides: Overrides) => grafanaValues(specOf(overrides)) as Tree;

  it("have no volume, replace each other one by one, keep apart, and survive a drain", () => {
    const found = values({ grafana });
    assert.deepEqual(found.persistence, { enabled: false });
    assert.deepEqual(found.deploymentStrategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    });
    assert.equal(found.replicas, 3);
    assert.deepEqual(found.podDisruptionBudget, { maxUnavailable: 1 });
    const apart = at(found, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
    assert.equal((apart as unknown[]).length, 1);
  });

  it("find each other by a headless Service, at an address that other pods reach", () => {
    const found = values({ grafana });
    assert.equal(found.headlessService, true);
    assert.equal(found["grafana.ini"]?.unified_alerting?.ha_peers, "grafana-headless.logharbor-grafana.svc:9094");
    const listens = (overrides: Overrides) =>
      values(overrides)["grafana.ini"]?.unified_alerting?.ha_listen_address as unknown;
    assert.equal(listens({ grafana }), "$__env{POD_IP}:9094");
    assert.equal(listens({ grafana, ipFamilies: ["IPv6"] }), "[$__env{POD_IP}]:9094");
  });

  it("one with a database needs no peers, and one with a volume starts only after the last ended", () => {
    const one = values({ grafana: { database: someDatabase } });
    assert.equal(one.headlessService, undefined);
    assert.equal(one["grafana.ini"]?.unified_alerting?.ha_peers, undefined);
    assert.deepEqual(values({}).deploymentStrategy, { type: "Recreate" });
    assert.equal(values({}).replicas, undefined);
  });
});

describe("plug-ins", () => {
  it("are installed by the image, each in its version, before Grafana starts; nothing else is", () => {
    const values = grafanaValues(specOf({ grafana: { plugins: ["a-panel@1.2.3", "b-datasource@4.5.6"] } })) as Tree;
    assert.deepEqual(values.env, {
      GF_INSTALL_PLUGINS: "a-panel 1.2.3,b-datasource 4.5.6",
      GF_INSTALL_PLUGINS_FORCE: "true",
    });
    assert.equal(values["grafana.ini"]?.plugins?.preinstall_disabled, true);
    assert.equal(values.plugins, undefined);
  });
});

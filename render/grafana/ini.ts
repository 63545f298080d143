import { grafanaVariables, ports } from "../../domain/names";
import { clientSeconds } from "../../domain/timeouts";
import { pathOf } from "../../domain/url";
import type { Values } from "../pod";
import { authorityFiles } from "./secrets";
import type { GrafanaSpec } from "./spec";

/** Grafana's configuration (`grafana.ini`), by section and key. Secrets come from its environment. */
export function grafanaIni(spec: GrafanaSpec): Record<string, Values> {
  const wait = clientSeconds(spec.querySeconds);
  return {
    analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false },
    // Grafana would replace its bundled data sources, such as Loki's, with newer ones from the internet, and add
    // plug-ins of any version. On a read-only root it removes the old one and can't write the new one.
    plugins: { preinstall_disabled: true, preinstall_auto_update: false, public_key_retrieval_disabled: true },
    "auth.anonymous": { enabled: false },
    users: { allow_sign_up: false },
    // By default, all of these wait for 30 s.
    dataproxy: { timeout: wait },
    unified_alerting: { evaluation_timeout: `${wait}s`, ...(spec.replicas > 1 ? peers(spec) : {}) },
    ...(spec.url === undefined ? {} : { server: server(spec.url) }),
    ...(spec.exposure === undefined && spec.database === undefined ? {} : { security: security(spec) }),
    ...(spec.database === undefined ? {} : { database: database(spec.database) }),
    ...(spec.oidc === undefined ? {} : { "auth.generic_oauth": login(spec.oidc) }),
    ...(spec.smtp === undefined ? {} : { smtp: mail(spec.smtp) }),
  };
}

/** Path of Grafana's own endpoints, which it serves below the path of its address. */
export function servedPath({ url }: Pick<GrafanaSpec, "url">, path: string): string {
  return url === undefined ? path : `${pathOf(url)}${path}`;
}

/** Several Grafanas each evaluate every alert; as peers they send it once. */
function peers({ ipFamilies, namespace }: Pick<GrafanaSpec, "ipFamilies" | "namespace">): Values {
  const ip = fromEnvironment("POD_IP");
  const address = `${ipFamilies[0] === "IPv6" ? `[${ip}]` : ip}:${ports.grafanaGossip}`;
  return {
    ha_listen_address: address,
    ha_advertise_address: address,
    ha_peers: `grafana-headless.${namespace}.svc:${ports.grafanaGossip}`,
  };
}

function server(url: string): Values {
  return { root_url: url, ...(pathOf(url) === "" ? {} : { serve_from_sub_path: true }) };
}

function security({ database: shared, exposure }: Pick<GrafanaSpec, "database" | "exposure">): Values {
  return {
    // What leads in from outside uses TLS.
    ...(exposure === undefined ? {} : { cookie_secure: true }),
    ...(shared === undefined ? {} : { secret_key: fromEnvironment(grafanaVariables.encryption.key) }),
  };
}

function database({ ca, host, name, sslMode = "verify-full" }: NonNullable<GrafanaSpec["database"]>): Values {
  return {
    type: "postgres",
    host,
    name,
    user: fromEnvironment(grafanaVariables.database.username),
    password: fromEnvironment(grafanaVariables.database.password),
    ssl_mode: sslMode,
    ...(ca === undefined ? {} : { ca_cert_path: authorityFiles.database }),
  };
}

function login({
  apiUrl,
  authUrl,
  ca,
  clientId,
  name = "OIDC",
  roleAttributePath,
  scopes = ["openid", "profile", "email"],
  tokenUrl,
}: NonNullable<GrafanaSpec["oidc"]>): Values {
  return {
    enabled: true,
    name,
    // Whoever has a role may come, without an invitation.
    allow_sign_up: true,
    client_id: clientId,
    client_secret: fromEnvironment(grafanaVariables.oidc.clientSecret),
    scopes: scopes.join(" "),
    auth_url: authUrl,
    token_url: tokenUrl,
    api_url: apiUrl,
    use_pkce: true,
    // In this form, the reader of the file takes quotes, # and ; as they are.
    role_attribute_path: `"""${roleAttributePath}"""`,
    role_attribute_strict: true,
    ...(ca === undefined ? {} : { tls_client_ca: authorityFiles.oidc }),
  };
}

const startTlsPolicies = {
  mandatory: "MandatoryStartTLS",
  opportunistic: "OpportunisticStartTLS",
  none: "NoStartTLS",
} as const;

function mail({ from, host, secret, startTls = "mandatory" }: NonNullable<GrafanaSpec["smtp"]>): Values {
  const { password, username } = grafanaVariables.smtp;
  return {
    enabled: true,
    host,
    from_address: from,
    startTLS_policy: startTlsPolicies[startTls],
    ...(secret === undefined ? {} : { user: fromEnvironment(username), password: fromEnvironment(password) }),
  };
}

function fromEnvironment(variable: string): string {
  return `$__env{${variable}}`;
}

import { clientSeconds } from "../../domain/timeouts";
import { pathOf } from "../../domain/url";
import type { Values } from "../pod";
import type { GrafanaSpec } from "./spec";

/** Grafana's configuration (`grafana.ini`), by section and key: every setting of ours in one object. */
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
    unified_alerting: { evaluation_timeout: `${wait}s` },
    ...(spec.url === undefined ? {} : { server: server(spec.url) }),
    // What leads in from outside uses TLS.
    ...(spec.exposure === undefined ? {} : { security: { cookie_secure: true } }),
  };
}

function server(url: string): Values {
  return { root_url: url, ...(pathOf(url) === "" ? {} : { serve_from_sub_path: true }) };
}

/** Path of Grafana's own endpoints, which it serves below the path of its address. */
export function servedPath({ url }: Pick<GrafanaSpec, "url">, path: string): string {
  return url === undefined ? path : `${pathOf(url)}${path}`;
}

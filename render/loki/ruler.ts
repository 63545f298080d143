import { Scalar } from "yaml";

import { ports, rulerVariables, rulesConfigMap } from "../../domain/names";
import { dataSourceUid } from "../grafana/dataSource";
import type { Values } from "../pod";
import { rulesByTenant, ruleFileName } from "./rules";
import type { LokiSpec } from "./spec";

/** Folder with a folder for each tenant's rules. */
const rulesPath = "/etc/loki/rules";
/** Folder with the authority of the Alertmanager. */
const authorityFolder = "/etc/loki/alertmanager-ca";

/** The ruler's part of Loki's configuration, without the place of its rules. */
export function rulerConfig(spec: LokiSpec, dataPath: string): Values {
  const { ruler, topology } = spec;
  const { alertmanagerLogin, alertmanagerUrls, grafanaUrl } = ruler;
  const notifies = alertmanagerUrls.length > 0;
  return {
    rule_path: `${dataPath}/rules-temp`,
    wal: { dir: `${dataPath}/ruler-wal` },
    enable_api: true,
    evaluation_interval: `${ruler.intervalSeconds}s`,
    poll_interval: "30s",
    ...stateKept,
    // Otherwise each of several rulers would evaluate every rule. The ring is that of `common`.
    ...(topology.kvstore === "memberlist" ? { enable_sharding: true } : {}),
    ...remoteEvaluation(spec),
    ...(grafanaUrl === undefined ? {} : { external_url: grafanaUrl, datasource_uid: dataSourceUid }),
    ...(notifies ? { alertmanager_url: alertmanagerUrls.join(","), enable_alertmanager_v2: true } : {}),
    ...(notifies && (alertmanagerLogin !== undefined || ruler.alertmanagerCa !== undefined)
      ? { alertmanager_client: alertmanagerClient(ruler) }
      : {}),
    ...recording(ruler),
  };
}

/** Where the ruler finds its rules: in files, or in its bucket. */
export function rulesFrom({ ruler }: LokiSpec): Values {
  return ruler.storage === "stack" ? { type: "local", local: { directory: rulesPath } } : { type: "s3" };
}

/**
 * An alert survives a restart of its ruler, and a move to another one:
 * - A new ruler asks Loki whether the alert was on already. With the default of 10 min, it asks only for those with a
 *   longer `for`.
 * - A notification holds for four times this delay. In this time a ruler that takes over must find out for itself,
 *   which takes as long as the alert's `for`. Else Alertmanager reports the alert as resolved, and then as new.
 */
const stateKept = { for_grace_period: "0s", resend_delay: "3m" };

/** With separate targets, the readers evaluate: they have caches, and a query is split among all of them. */
function remoteEvaluation({ namespace, topology }: LokiSpec): Values {
  if (topology.deploymentMode !== "SimpleScalable") return {};
  const address = `dns:///loki-read-headless.${namespace}.svc:${ports.lokiGrpc}`;
  return { evaluation: { mode: "remote", query_frontend: { address } } };
}

function alertmanagerClient({ alertmanagerCa, alertmanagerLogin }: LokiSpec["ruler"]): Values {
  const { username, password } = rulerVariables.alertmanager;
  return {
    ...(alertmanagerLogin === undefined
      ? {}
      : { basic_auth_username: quotedVariable(username), basic_auth_password: quotedVariable(password) }),
    ...(alertmanagerCa === undefined ? {} : { tls_ca_path: `${authorityFolder}/ca.crt` }),
  };
}

function recording({ recording: { url, login } }: LokiSpec["ruler"]): Values {
  if (url === undefined) return {};
  const { username, password } = rulerVariables.recording;
  return {
    remote_write: {
      enabled: true,
      clients: {
        prometheus: {
          url,
          ...(login === undefined
            ? {}
            : { basic_auth: { username: quotedVariable(username), password: quotedVariable(password) } }),
        },
      },
    },
  };
}

/** An environment variable in Loki's configuration, in quotes: a password may look like anything in YAML. */
export function quotedVariable(name: string): Scalar {
  const scalar = new Scalar(`\${${name}}`);
  scalar.type = Scalar.QUOTE_SINGLE;
  return scalar;
}

/**
 * What a pod with a ruler gets besides: each tenant's rules in a folder of its own, and logins. A folder for all
 * tenants would not do: Loki takes each folder for a tenant, also those that Kubernetes makes in a mounted ConfigMap.
 */
export function rulerPod(spec: LokiSpec): Values {
  const { alertmanagerCa, alertmanagerLogin, recording: remote, storage } = spec.ruler;
  const tenants = storage === "stack" ? Object.keys(rulesByTenant(spec)) : [];
  const authority = alertmanagerCa === undefined ? [] : [alertmanagerCa];
  return {
    extraEnv: [
      ...loginVariables(alertmanagerLogin, rulerVariables.alertmanager),
      ...loginVariables(remote.login, rulerVariables.recording),
    ],
    extraVolumes: [
      ...tenants.map((_, index) => ({
        name: `rules-${index}`,
        configMap: { name: rulesConfigMap, items: [{ key: ruleFileName(index), path: "rules.yaml" }] },
      })),
      ...authority.map((secretName) => ({ name: "alertmanager-ca", secret: { secretName, optional: true } })),
    ],
    extraVolumeMounts: [
      ...tenants.map((tenant, index) => ({
        name: `rules-${index}`,
        mountPath: `${rulesPath}/${tenant}`,
        readOnly: true,
      })),
      ...authority.map(() => ({ name: "alertmanager-ca", mountPath: authorityFolder, readOnly: true })),
    ],
  };
}

/** Optional: without the Secret, Loki runs and its alerts are refused, which `npm run alerts` shows. */
function loginVariables(secret: string | undefined, names: { username: string; password: string }): Values[] {
  if (secret === undefined) return [];
  return (["username", "password"] as const).map((key) => ({
    name: names[key],
    valueFrom: { secretKeyRef: { name: secret, key, optional: true } },
  }));
}

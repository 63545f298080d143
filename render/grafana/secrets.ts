import { grafanaVariables, rulerVariables } from "../../domain/names";
import type { Values } from "../pod";
import { authorityPath, tlsFiles } from "../tls";
import type { GrafanaSpec } from "./spec";

/*
 * What Grafana takes from Secrets that the operator made: logins as its environment, authorities as files.
 */

type Reading = Pick<GrafanaSpec, "alertmanagerLogin" | "database" | "oidc" | "smtp">;

const folder = (of: string) => `/etc/logharbor-${of}`;

/** Files with the authorities of those that Grafana asks. */
export const authorityFiles = {
  loki: authorityPath,
  database: `${folder("database")}/${tlsFiles.authority}`,
  oidc: `${folder("oidc")}/${tlsFiles.authority}`,
} as const;

/** Value `envValueFrom` of the chart: variables, each from a key of a Secret. */
export function secretVariables({ alertmanagerLogin, database, oidc, smtp }: Reading): Values {
  return {
    ...loginOf(alertmanagerLogin, rulerVariables.alertmanager, { optional: true }),
    ...(oidc === undefined ? {} : { [grafanaVariables.oidc.clientSecret]: from(oidc.secret, "client-secret") }),
    ...loginOf(smtp?.secret, grafanaVariables.smtp),
    ...loginOf(database?.secret, grafanaVariables.database),
    ...(database === undefined
      ? {}
      : { [grafanaVariables.encryption.key]: from(database.encryptionSecret, "secret-key") }),
  };
}

/** Values `extraSecretMounts` of the chart for the authorities of the login and of the database. */
export function authorityMounts({ database, oidc }: Reading): Values[] {
  return Object.entries({ database: database?.ca, oidc: oidc?.ca }).flatMap(([name, secretName]) =>
    secretName === undefined
      ? []
      : [
          {
            name,
            secretName,
            mountPath: folder(name),
            readOnly: true,
            items: [{ key: tlsFiles.authority, path: tlsFiles.authority }],
          },
        ],
  );
}

/** Names of those Secrets that the settings of Grafana name. */
export function grafanaSecrets({ database, oidc, smtp }: Omit<Reading, "alertmanagerLogin">): (string | undefined)[] {
  return [oidc?.secret, oidc?.ca, smtp?.secret, database?.secret, database?.ca, database?.encryptionSecret];
}

function loginOf(
  secret: string | undefined,
  { password, username }: { username: string; password: string },
  more: Values = {},
): Values {
  if (secret === undefined) return {};
  return { [username]: from(secret, "username", more), [password]: from(secret, "password", more) };
}

function from(name: string, key: string, more: Values = {}): Values {
  return { secretKeyRef: { name, key, ...more } };
}

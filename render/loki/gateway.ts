import { createHash } from "node:crypto";

import { nameInGeneration } from "../../domain/credentials";
import { secretNames } from "../../domain/names";
import type { Values } from "../pod";
import type { LokiSpec } from "./spec";

/**
 * Users of the gateway, in nginx's format. The hash is a plain SHA-1, because nginx hashes the password of every
 * request, and bcrypt would take about 50 ms each time. A generated password of 40 characters cannot be guessed,
 * however cheap the hash is.
 */
export function usersFile(passwords: Record<string, string>): string {
  return Object.entries(passwords)
    .map(([user, password]) => `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`)
    .join("");
}

/** Values of a gateway that asks for a password. */
export interface AuthenticatingGateway {
  basicAuth: Values;
  locationSnippet: string;
  httpSnippets: readonly string[];
  serverSnippets: readonly string[];
  volumes: readonly Values[];
  mounts: readonly Values[];
}

type Deciding = Pick<LokiSpec, "collectedTenants" | "logins" | "tenant">;

/**
 * Values of a gateway that asks for a password. It sets the tenant to the name of the login, whatever tenant the client
 * sends. Alloy's login alone, that of the stack's own tenant, may also write for the tenants of namespaces.
 *
 * Each generation of passwords has a Secret of its own. nginx reads its file at each request, and the kubelet soon
 * brings it up to date. So if one Secret changed, gateways that do not know of the change would refuse the old
 * passwords.
 */
export function authenticatingGateway(spec: Deciding): AuthenticatingGateway {
  const { current, previous } = spec.logins;
  const writes = spec.collectedTenants.length > 0;
  const ownSnippets = writes ? [writerTenants(spec)] : [];
  return {
    basicAuth: { enabled: true, existingSecret: usersSecret(current) },
    locationSnippet: `proxy_set_header X-Scope-OrgID ${writes ? tenantVariable : "$remote_user"};`,
    ...(previous === undefined
      ? { httpSnippets: ownSnippets, serverSnippets: [], volumes: [], mounts: [] }
      : {
          httpSnippets: [...ownSnippets, ...previousPasswords.httpSnippets],
          serverSnippets: previousPasswords.serverSnippets,
          volumes: [{ name: "previous-users", secret: { secretName: usersSecret(previous) } }],
          mounts: [{ name: "previous-users", mountPath: previousPath, readOnly: true }],
        }),
  };
}

/** Variable of nginx with the tenant of a request. */
const tenantVariable = "$logharbor_tenant";

/** The tenant of a request is its login, or one that Alloy's login pushes for. With `~`, upper and lower case count. */
function writerTenants({ collectedTenants, tenant }: Deciding): string {
  const names = collectedTenants.map(literally).join("|");
  return `map "$remote_user $uri $http_x_scope_orgid" ${tenantVariable} {
  default $remote_user;
  "~^${literally(tenant)} /loki/api/v1/push (?:${names})$" $http_x_scope_orgid;
}`;
}

/** A tenant's name as a regular expression. */
function literally(name: string): string {
  return name.replace(/[.*()]/g, String.raw`\$&`);
}

/** Name of the Secret with the users of the gateway. */
export function usersSecret(generation: number): string {
  return nameInGeneration(secretNames.gatewayUsers, generation);
}

const previousPath = "/etc/logharbor-previous-users";
/** Port inside the gateway's pod on which it checks old passwords. */
const previousPort = 8081;

/**
 * Lets in old passwords beside the new ones. In one file, nginx takes the first password of a user and refuses every
 * other. So what the first file refuses is asked of a second server, which has the second file. It answers to its own
 * pod alone. nginx does not check the passwords of subrequests, hence a server and not just a location.
 */
const previousPasswords = {
  httpSnippets: [
    `server {
  listen 127.0.0.1:${previousPort};
  access_log off;
  auth_basic Loki;
  auth_basic_user_file ${previousPath}/.htpasswd;
  location / {
    try_files /none =204;
  }
}`,
  ],
  serverSnippets: [
    `satisfy any;
auth_request /previous-password;
location = /previous-password {
  internal;
  proxy_pass http://127.0.0.1:${previousPort};
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
}`,
  ],
};

import { createHash } from "node:crypto";

import { secretNames } from "../../domain/names";
import type { Values } from "../pod";

/**
 * Users of the gateway, in nginx's format. The hash is a plain SHA-1, because nginx hashes the password of every
 * request, and bcrypt would take about 50 ms each time. A generated password of 40 characters cannot be guessed,
 * however cheap the hash is.
 */
function usersFile(passwords: Record<string, string>): string {
  return Object.entries(passwords)
    .map(([user, password]) => `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`)
    .join("");
}

/** The Secret with the gateway's users: a file for the passwords in use, and one for those that they replace. */
export function usersFiles(
  passwords: Record<string, string>,
  previous?: Record<string, string>,
): Record<string, string> {
  return {
    ".htpasswd": usersFile(passwords),
    ...(previous === undefined ? {} : { [previousFile]: usersFile(previous) }),
  };
}

const previousFile = ".htpasswd-previous";

/**
 * Values of a gateway that asks for a password. It sets the tenant to the name of the login, whatever tenant the client
 * sends.
 */
export const authenticatingGateway: { basicAuth: Values; locationSnippet: string } = {
  basicAuth: { enabled: true, existingSecret: secretNames.gatewayUsers },
  locationSnippet: "proxy_set_header X-Scope-OrgID $remote_user;",
};

/** Port inside the gateway's pod on which it checks old passwords. */
const previousPort = 8081;

/**
 * Lets in old passwords beside the new ones. In one file, nginx takes the first password of a user and refuses every
 * other. So what the first file refuses is asked of a second server, which has the second file. It answers to its own
 * pod alone. nginx does not check the passwords of subrequests, hence a server and not just a location.
 */
export const previousPasswords = {
  httpSnippet: `server {
  listen 127.0.0.1:${previousPort};
  access_log off;
  auth_basic Loki;
  auth_basic_user_file /etc/nginx/secrets/${previousFile};
  location / {
    try_files /none =204;
  }
}`,
  serverSnippet: `satisfy any;
auth_request /previous-password;
location = /previous-password {
  internal;
  proxy_pass http://127.0.0.1:${previousPort};
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
}`,
};

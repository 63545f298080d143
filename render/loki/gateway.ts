import { createHash } from "node:crypto";

import { secretNames } from "../../domain/names";
import type { Values } from "../pod";

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

/**
 * Values of a gateway that asks for a password. It sets the tenant to the name of the login, whatever tenant the client
 * sends.
 */
export const authenticatingGateway: { basicAuth: Values; locationSnippet: string } = {
  basicAuth: { enabled: true, existingSecret: secretNames.gatewayUsers },
  locationSnippet: "proxy_set_header X-Scope-OrgID $remote_user;",
};

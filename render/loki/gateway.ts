import { createHash } from "node:crypto";

import { secretNames } from "../../domain/names";
import type { Values } from "../pod";

/**
 * Users of the gateway as nginx reads them. One plain SHA-1 a password: nginx hashes at each request, for which bcrypt
 * takes some 50 ms, and a generated password of 40 characters can't be guessed however cheap the hash is.
 */
export function usersFile(passwords: Record<string, string>): string {
  return Object.entries(passwords)
    .map(([user, password]) => `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`)
    .join("");
}

/**
 * Values of a gateway that asks for a password, and tells Loki the tenant itself: what a client says of its tenant is
 * overwritten.
 */
export const authenticatingGateway: { basicAuth: Values; locationSnippet: string } = {
  basicAuth: { enabled: true, existingSecret: secretNames.gatewayUsers },
  locationSnippet: "proxy_set_header X-Scope-OrgID $remote_user;",
};

import { createHmac } from "node:crypto";

/** Names of the user in MinIO that may read its metrics, and of the policy with its right. */
export const metricsNames = { user: "metrics", policy: "metrics" } as const;

/** The policy of that user: it may read metrics, and nothing else. JSON in MinIO's format. */
export function metricsPolicy(): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["admin:Prometheus"], Resource: ["arn:aws:s3:::*"] }],
  });
}

/** The year 2100. A token that ended would end the metrics too; with a new password, it no longer works. */
const expiry = Date.UTC(2100, 0, 1) / 1000;

/**
 * The bearer token with which a Prometheus reads MinIO's metrics: a JSON Web Token as `mc admin prometheus generate`
 * makes it, signed with the user's password. The usual recipe signs it with root's password. MinIO's servers would
 * accept such a token from each other.
 */
export function metricsToken(password: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = [
    encode({ alg: "HS512", typ: "JWT" }),
    encode({ exp: expiry, iss: "prometheus", sub: metricsNames.user }),
  ].join(".");
  return `${content}.${createHmac("sha512", password).update(content).digest("base64url")}`;
}

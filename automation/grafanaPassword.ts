import type { KubeConfig } from "@kubernetes/client-node";
import { secretContent } from "../cluster/secret";
import { serviceAddress } from "../cluster/serviceAddress";
import { openTunnel } from "../cluster/tunnel";
import type { Settings } from "../config/settings";
import { basicLogin } from "../domain/basicLogin";
import { grafanaAdminKeys, secretNames } from "../domain/names";
import { OperatorError } from "../domain/problem";
import { addressesOf } from "../render/addresses";

/** The administrator of a Grafana. */
export interface GrafanaAdmin {
  user: string;
  /** The password that it should have. */
  password: string;
  /** The one that it has until then. */
  previous?: string;
}

/** Makes a stack's Grafana accept the password of its Secret. */
export async function changeGrafana(settings: Settings, kubeConfig: KubeConfig): Promise<void> {
  const secret = { namespace: settings.namespaces.grafana, name: secretNames.grafanaAdmin };
  const content = await secretContent(kubeConfig, secret);
  const tunnel = await openTunnel({ kubeConfig, ...serviceAddress(addressesOf(settings).grafana!) });
  try {
    await changeGrafanaPassword(`http://${tunnel.host}:${tunnel.port}`, {
      user: content[grafanaAdminKeys.user] ?? "admin",
      password: content[grafanaAdminKeys.password] ?? "",
      previous: content[grafanaAdminKeys.previous],
    });
  } finally {
    await tunnel.close();
  }
}

/**
 * Makes Grafana accept the new password of its administrator. Grafana reads the password from its Secret only when it
 * makes its database; from then on the database has it. Does nothing if Grafana has the new one already.
 * @param url where this machine reaches Grafana
 * @throws OperatorError if Grafana accepts neither the new nor the old password
 */
export async function changeGrafanaPassword(url: string, { user, password, previous }: GrafanaAdmin): Promise<void> {
  const ask = async (withPassword: string, path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...basicLogin(user, withPassword), "Content-Type": "application/json" },
      signal: AbortSignal.timeout(30_000),
    });
  // Each try with a wrong password counts: after five, Grafana locks the account for five minutes. This makes one.
  if ((await ask(password, "/api/user")).ok) return;
  const answer =
    previous === undefined
      ? undefined
      : await ask(previous, "/api/user/password", {
          method: "PUT",
          body: JSON.stringify({ oldPassword: previous, newPassword: password, confirmNew: password }),
        });
  if (answer?.ok === true && (await ask(password, "/api/user")).ok) return;
  throw new OperatorError(
    `Grafana did not take the new password of ${user}` +
      (answer === undefined ? "." : ` (${answer.status} ${(await answer.text()).slice(0, 200)}).`),
    [
      "if somebody changed it in Grafana, set the one of the Secret: kubectl exec into Grafana's pod, then " +
        "grafana cli admin reset-admin-password PASSWORD",
    ],
  );
}

import { stringify } from "yaml";

import type { Receiver } from "../../config/settings";
import type { Values } from "../pod";
import type { AlertmanagerSpec } from "./spec";

/** Folder with a folder for each receiver's Secret. */
export const secretsPath = "/etc/alertmanager/secrets";

/** Receiver of an alert that no receiver wants, because of its severity. */
const nobody = "nobody";

/** The configuration of Alertmanager. It holds no secret: those are files that it names. */
export function alertmanagerConfig({ receivers }: Pick<AlertmanagerSpec, "receivers">): Values {
  return {
    route: {
      receiver: nobody,
      group_by: ["alertname", "namespace", "tenant"],
      // Loki evaluates each rule for itself. In this time alerts of one cause come together.
      group_wait: "15s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: receivers.map(({ name, severities }) => ({
        receiver: name,
        continue: true,
        ...(severities === undefined ? {} : { matchers: [`severity=~"${severities.join("|")}"`] }),
      })),
    },
    receivers: [{ name: nobody }, ...receivers.map(receiverConfig)],
  };
}

/** The configuration as YAML. */
export function alertmanagerConfigText(spec: Pick<AlertmanagerSpec, "receivers">): string {
  return stringify(alertmanagerConfig(spec), { lineWidth: 0 });
}

function receiverConfig(receiver: Receiver): Values {
  const { channel, from, name, smarthost, to, type, username } = receiver;
  const file = (key: string) => `${secretsPath}/${name}/${key}`;
  const common = { send_resolved: true };
  const configs: Record<Receiver["type"], Values> = {
    webhook: { webhook_configs: [{ ...common, url_file: file("url") }] },
    slack: { slack_configs: [{ ...common, api_url_file: file("url"), channel }] },
    pagerduty: { pagerduty_configs: [{ ...common, routing_key_file: file("routing-key") }] },
    email: {
      email_configs: [
        {
          ...common,
          to,
          from,
          smarthost,
          ...(username === undefined ? {} : { auth_username: username, auth_password_file: file("password") }),
        },
      ],
    },
  };
  return { name, ...configs[type] };
}

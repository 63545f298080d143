import * as pulumi from "@pulumi/pulumi";

import type { Settings } from "./settings";
import { parseSettings, type StackConfig } from "./stackConfig";

// `npm run diff` looks for it here in each revision.
export { settingsIn } from "./stackConfig";

const namespace = "logharbor:";

/**
 * The config in force, under the CLI, an inline program or mocks. It does not use `pulumi.Config`, which warns about a
 * kubeconfig that is stored as a secret. That is the right way to store it, and it never becomes an output.
 */
export function readConfig(): StackConfig {
  return pulumi.runtime.allConfig();
}

/**
 * The settings in force, with the defaults of their profile.
 * @throws ConfigError as {@link settingsIn} does.
 */
export function readSettings(): Settings {
  const names = Object.keys(readConfig()).flatMap((key) =>
    key.startsWith(namespace) ? [key.slice(namespace.length)] : [],
  );
  const own = new pulumi.Config(namespace.slice(0, -1));
  // `get` warns if a value was stored as a secret: no setting is a secret.
  return parseSettings(Object.fromEntries(names.map((name) => [name, own.get(name) ?? ""])));
}

/**
 * Password of the private chart repositories whose `username` is set: the secret `charts:password` of the stack's
 * config, else the variable LOGHARBOR_CHARTS_PASSWORD. Undefined without both. Secret.
 */
export function readChartPassword(): pulumi.Output<string> | undefined {
  const given = process.env.LOGHARBOR_CHARTS_PASSWORD;
  return new pulumi.Config("charts").getSecret("password") ?? (given ? pulumi.secret(given) : undefined);
}

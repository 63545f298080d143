import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { gatewayVariables, secretNames } from "../domain/names";
import { usersFile } from "../render/loki/gateway";
import type { Home } from "./home";

/** Args of {@link Tenants}. */
export interface TenantsArgs {
  /** Returns the metadata of an object in Loki's namespace. */
  metadata: Home["metadata"];
  /** Names of the tenants. Each becomes a user of the gateway. */
  tenants: readonly string[];
}

/**
 * Loki's tenants as users of its gateway: a generated password for each, one Secret for the gateway and one for people.
 */
export class Tenants extends pulumi.ComponentResource {
  /** Password by tenant. Secret. */
  readonly passwords: Record<string, pulumi.Output<string>>;
  /** What must exist before the gateway starts. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: TenantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Tenants", name, {}, opts);
    const { metadata } = args;
    this.passwords = Object.fromEntries(
      args.tenants.map((tenant) => [
        tenant,
        new random.RandomPassword(`${name}-${tenant}-password`, { length: 40, special: false }, { parent: this })
          .result,
      ]),
    );
    const known = pulumi.secret(pulumi.all(this.passwords));
    this.resources = [
      new k8s.core.v1.Secret(
        `${name}-users`,
        { metadata: metadata(secretNames.gatewayUsers), stringData: { ".htpasswd": known.apply(usersFile) } },
        { parent: this },
      ),
      new k8s.core.v1.Secret(
        `${name}-passwords`,
        { metadata: metadata(secretNames.tenants), stringData: known },
        { parent: this },
      ),
    ];
    this.registerOutputs({});
  }
}

/** The Secret with the login of a client at the gateway. Empty if the client has no password. */
export function gatewayLogins(
  name: string,
  { metadata, user, password }: Pick<Home, "metadata"> & { user: string; password?: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret[] {
  if (password === undefined) return [];
  const stringData = { [gatewayVariables.user]: user, [gatewayVariables.password]: password };
  return [new k8s.core.v1.Secret(name, { metadata: metadata(secretNames.gatewayLogin), stringData }, opts)];
}

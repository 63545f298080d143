import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { gatewayVariables, secretNames } from "../domain/names";
import { nameInGeneration, validGenerations, type Generation } from "../domain/credentials";
import { usersFile, usersSecret } from "../render/loki/gateway";
import type { Home } from "./home";
import { generatedPassword } from "./password";

/** Args of {@link Tenants}. */
export interface TenantsArgs {
  /** Returns the metadata of an object in Loki's namespace. */
  metadata: Home["metadata"];
  /** Names of the tenants. Each becomes a user of the gateway. */
  tenants: readonly string[];
  /** Generations of the passwords. */
  generation: Generation;
}

/**
 * Loki's tenants as users of its gateway: a generated password for each, one Secret for the gateway and one for people.
 */
export class Tenants extends pulumi.ComponentResource {
  /** Password by tenant, the one in use. Secret. */
  readonly passwords: Record<string, pulumi.Output<string>>;
  /** What must exist before the gateway starts. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: TenantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Tenants", name, {}, opts);
    const { generation, metadata } = args;
    const passwords = args.tenants.map((tenant) => ({
      tenant,
      ...generatedPassword(`${name}-${tenant}-password`, { length: 40, generation }, { parent: this }),
    }));
    this.passwords = Object.fromEntries(passwords.map(({ tenant, current }) => [tenant, current]));
    const before = passwords.flatMap(({ tenant, previous }) =>
      previous === undefined ? [] : [[tenant, previous] as const],
    );
    this.resources = validGenerations(generation).map((number) => {
      const known = number === generation.current ? this.passwords : Object.fromEntries(before);
      const stringData = { ".htpasswd": pulumi.secret(pulumi.all(known)).apply(usersFile) };
      return new k8s.core.v1.Secret(
        nameInGeneration(`${name}-users`, number),
        { metadata: metadata(usersSecret(number)), stringData },
        { parent: this },
      );
    });
    this.registerOutputs({});
  }

  /** Makes the Secret for people. It must not have a new password before `gateway` accepts it. */
  handOut(name: string, { metadata, gateway }: Pick<TenantsArgs, "metadata"> & { gateway: pulumi.Resource }): void {
    new k8s.core.v1.Secret(
      `${name}-passwords`,
      { metadata: metadata(secretNames.tenants), stringData: pulumi.secret(pulumi.all(this.passwords)) },
      { parent: this, dependsOn: gateway },
    );
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

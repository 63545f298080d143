import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { gatewayVariables, secretNames } from "../render/names";
import { usersFile } from "../render/gateway";

/** Args of {@link Tenants}. */
export interface TenantsArgs {
  /** Namespace of Loki. */
  namespace: pulumi.Input<string>;
  /** Names of the tenants, each of which is a user of the gateway. */
  tenants: readonly string[];
}

/** Tenants of Loki as users of its gateway: a generated password each, and the Secrets that the gateway and people read them from. */
export class Tenants extends pulumi.ComponentResource {
  /** Password by tenant. Secret. */
  readonly passwords: Record<string, pulumi.Output<string>>;
  /** What must exist before the gateway starts. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: TenantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Tenants", name, {}, opts);
    const { namespace } = args;
    this.passwords = Object.fromEntries(
      args.tenants.map((tenant) => [tenant, new random.RandomPassword(`${name}-${tenant}-password`, { length: 40, special: false }, { parent: this }).result]),
    );
    const known = pulumi.secret(pulumi.all(this.passwords));
    this.resources = [
      new k8s.core.v1.Secret(`${name}-users`, { metadata: { name: secretNames.gatewayUsers, namespace }, stringData: { ".htpasswd": known.apply(usersFile) } }, { parent: this }),
      new k8s.core.v1.Secret(`${name}-passwords`, { metadata: { name: secretNames.tenants, namespace }, stringData: known }, { parent: this }),
    ];
    this.registerOutputs({});
  }
}

/** The Secret from which a client of the gateway takes its login. */
export function gatewayLogin(name: string, namespace: pulumi.Input<string>, user: string, password: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    name,
    { metadata: { name: secretNames.gatewayLogin, namespace }, stringData: { [gatewayVariables.user]: user, [gatewayVariables.password]: password } },
    opts,
  );
}

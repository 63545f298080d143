import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses tenants that would have no login, or would share one. */
export const gatewayRules: readonly Rule[] = [{ reads: ["tenant", "gateway"], judge: tenants }];

function tenants({ gateway, tenant }: Settings): SettingProblem[] {
  const names = [tenant, ...gateway.tenants];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(gateway.authentication === "none" && gateway.tenants.length > 0
      ? [
          {
            key: "gateway.tenants",
            problem: "lists tenants, but the gateway does not ask for a login",
            remedy: "set gateway.authentication to basic, or leave the tenants out",
          },
        ]
      : []),
    ...[...new Set(twice)].map((name) => ({
      key: "gateway.tenants",
      problem: name === tenant ? `holds ${name}, which is the stack's own tenant` : `holds ${name} twice`,
      remedy: "name each tenant once",
    })),
  ];
}

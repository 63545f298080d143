import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses tenants that would have no login or would share one, and namespaces whose lines would not be found. */
export const gatewayRules: readonly Rule[] = [
  { reads: ["tenant", "gateway"], judge: tenants },
  { reads: ["tenant", "alloy.tenants", "alloy.excludeNamespaces", "namespaces"], judge: namespaces },
];

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

/** The platform's alerts, its canary and doctor look for its own logs as the stack's own tenant. */
function namespaces({ alloy, namespaces: own, tenant }: Settings): SettingProblem[] {
  return Object.entries(alloy.tenants).flatMap(([namespace, owner]): SettingProblem[] => {
    const key = `alloy.tenants.${namespace}`;
    if (Object.values(own).includes(namespace) && owner !== tenant)
      return [
        {
          key,
          problem: `gives the platform's own logs to ${owner}, but its alerts and checks read them as ${tenant}`,
          remedy: "leave it out",
        },
      ];
    if (alloy.excludeNamespaces.includes(namespace))
      return [
        {
          key,
          problem: "is in alloy.excludeNamespaces too: nothing is collected there",
          remedy: "leave one of them out",
        },
      ];
    return [];
  });
}

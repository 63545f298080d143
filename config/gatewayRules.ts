import type { Fault } from "./fault";
import type { Settings } from "./settings";

/** What would leave a tenant without a login of its own. Each is a rule of its own. */
export const gatewayRules = [tenants];

function tenants({ gateway, tenant }: Settings): Fault[] {
  const names = [tenant, ...gateway.tenants];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(gateway.authentication === "none" && gateway.tenants.length > 0
      ? [
          {
            key: "gateway.tenants",
            problem: "has tenants, but the gateway asks nobody who they are",
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

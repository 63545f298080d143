import { tenantName, unknown, unquoted, wrong, type BadConfig } from "./rows";

export const gateway: BadConfig[] = [
  ...wrong("gateway.authentication", "must be one of none, basic", "none", "oidc", true),
  ...wrong("gateway.tenants", "must be a list of tenants", '["team-a"]', "team-a"),
  ...wrong("gateway.tenants[0]", tenantName, "team-a", "team a"),
  unquoted("gateway.tenants[0]", tenantName, 7),
  ...unknown("gateway.password", "x"),
  [
    { gateway: { tenants: ["team-a"] } },
    "gateway.tenants",
    "lists tenants, but the gateway does not ask for a login",
    "set gateway.authentication to basic, or leave the tenants out",
  ],
  [
    { gateway: { authentication: "basic", tenants: ["logharbor"] } },
    "gateway.tenants",
    "holds logharbor, which is the stack's own tenant",
    "name each tenant once",
  ],
  [
    { gateway: { authentication: "basic", tenants: ["a", "a"] } },
    "gateway.tenants",
    "holds a twice",
    "name each tenant once",
  ],
];

import { tenantName, unknown, unquoted, wrong, type BadConfig } from "./rows";

const namespaceTenants = "must hold names of namespaces, each with a tenant";

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
  ...wrong("alloy.tenants", namespaceTenants, '{"shop":"team-a"}', "team-a"),
  [
    { alloy: { tenants: { Shop: "team-a" } } },
    "alloy.tenants.Shop",
    namespaceTenants,
    'write for example {"shop":"team-a"}',
  ],
  [{ alloy: { tenants: { shop: "team a" } } }, "alloy.tenants.shop", tenantName, 'write for example {"shop":"team-a"}'],
  [
    { alloy: { tenants: { "logharbor-loki": "team-a" } } },
    "alloy.tenants.logharbor-loki",
    "gives the platform's own logs to team-a, but its alerts and checks read them as logharbor",
    "leave it out",
  ],
  [
    { alloy: { tenants: { shop: "team-a" }, excludeNamespaces: ["shop"] } },
    "alloy.tenants.shop",
    "is in alloy.excludeNamespaces too: nothing is collected there",
    "leave one of them out",
  ],
  [
    {
      alloy: { tenants: { shop: "team-a" } },
      loki: { limits: { tenants: [{ name: "team-a", ingestionRateMb: 4, ingestionBurstSizeMb: 8 }] } },
    },
    "loki.limits.tenants[0]",
    "limits the rate of team-a, for which Alloy collects: Alloy would drop what Loki refuses",
    "write only maxStreams for it; alloy.limits holds back floods",
  ],
  [
    { gateway: { authentication: "basic", tenants: ["a", "a"] } },
    "gateway.tenants",
    "holds a twice",
    "name each tenant once",
  ],
];

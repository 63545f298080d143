import type { Settings } from "./settings";

type Deciding = Pick<Settings, "tenant"> & {
  gateway: Pick<Settings["gateway"], "tenants">;
  alloy: Pick<Settings["alloy"], "tenants">;
};

/** Tenants besides the stack's own: those of the gateway, and those of namespaces. Each once. */
export function furtherTenants({ alloy, gateway, tenant }: Deciding): string[] {
  const named = [...gateway.tenants, ...Object.values(alloy.tenants)];
  return [...new Set(named)].filter((name) => name !== tenant);
}

/** The tenant that a namespace's lines are stored for. */
export function tenantOf(namespace: string, { alloy, tenant }: Omit<Deciding, "gateway">): string {
  return alloy.tenants[namespace] ?? tenant;
}

import type { Settings } from "../config/settings";
import { furtherTenants, tenantOf } from "../config/tenants";
import { OperatorError } from "../domain/problem";

/** Whose lines somebody wants to read. */
export interface Wanted {
  /** The tenant, if it is named. */
  tenant?: string;
  /** Names of namespaces; `*` stands for any characters. */
  namespaces?: readonly string[];
}

/**
 * The tenant to ask: the one that is named, else that of the namespaces, else the stack's own. Pure.
 * @throws OperatorError if the tenant has no login, or the namespaces belong to several tenants: Loki answers a query
 *   for one.
 */
export function tenantFor(settings: Settings, { tenant, namespaces = [] }: Wanted): string {
  if (tenant !== undefined) {
    const known = [settings.tenant, ...furtherTenants(settings)];
    if (settings.gateway.authentication === "none" || known.includes(tenant)) return tenant;
    throw new OperatorError(
      `${tenant} is no tenant of this stack, so it has no password.`,
      `name one of ${known.join(", ")}`,
    );
  }
  const owners = [...new Set(namespaces.map((name) => tenantOf(name, settings)))];
  if (owners.length > 1)
    throw new OperatorError(
      `The namespaces belong to several tenants: ${owners.join(", ")}.`,
      "ask for those of one tenant at a time",
    );
  return owners[0] ?? settings.tenant;
}

import type { LokiClient } from "../part";
import { quote } from "./syntax";

/** Which tenant a namespace's lines are stored for. */
export interface NamespaceTenants extends Pick<LokiClient, "tenant"> {
  /** Tenant by namespace. Default: that of the stack for each. */
  tenants: Readonly<Record<string, string>>;
}

/** The tenants of namespaces besides the stack's own, each once. */
export function collectedTenants({ tenant, tenants }: NamespaceTenants): string[] {
  return [...new Set(Object.values(tenants))].filter((name) => name !== tenant);
}

/**
 * Stages that choose the tenant by namespace. `loki.write` sends each tenant's lines in batches of their own, so what
 * Loki refuses of one tenant costs only its lines. They come last. Empty without such tenants. Alloy syntax.
 */
export function tenantStages(spec: NamespaceTenants): string {
  return collectedTenants(spec)
    .map((tenant) => {
      const namespaces = Object.keys(spec.tenants).filter((namespace) => spec.tenants[namespace] === tenant);
      return `
  stage.match {
    selector = ${quote(`{namespace=~"${namespaces.join("|")}"}`)}

    stage.tenant {
      value = ${quote(tenant)}
    }
  }
`;
    })
    .join("");
}

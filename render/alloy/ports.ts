import type { Settings } from "../../config/settings";
import { isMap } from "../../domain/tree";

/**
 * TCP ports on which further components of Alloy take lines from outside the platform: those that the values of its
 * chart add (`alloy.extraPorts`).
 */
export function alloyPorts({ values }: Pick<Settings, "values">): number[] {
  const { alloy } = values.alloy;
  const extra: unknown = isMap(alloy) ? alloy.extraPorts : undefined;
  if (!Array.isArray(extra)) return [];
  return extra
    .filter(isMap)
    .flatMap(({ port, protocol = "TCP", targetPort = port }) =>
      protocol === "TCP" && typeof targetPort === "number" ? [targetPort] : [],
    );
}

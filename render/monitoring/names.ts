import type { Part } from "../../domain/parts";

/** Name of the ServiceMonitor of a part, in the part's namespace. */
export const monitorName = (part: Part): string => `logharbor-${part}`;

/** Name of the PrometheusRule, in Loki's namespace. */
export const prometheusRuleName = "logharbor";

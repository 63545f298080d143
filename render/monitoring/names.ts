import type { Part } from "../../domain/parts";

/** What a Prometheus scrapes: each part, and the canary and the reader of events in Alloy's namespace. */
export type Scraped = Part | "canary" | "events";

/** Name of a ServiceMonitor, in the namespace of the part. */
export const monitorName = (scraped: Scraped): string => `logharbor-${scraped}`;

/** Name of the PrometheusRule, in Loki's namespace. */
export const prometheusRuleName = "logharbor";

import type { Settings } from "../../config/settings";
import { outlineOf } from "../../domain/alloySyntax";
import { partNames } from "../../domain/parts";
import type { Values } from "../pod";
import { alloyPorts } from "../alloy/ports";
import { grafanaIniHatch, lokiConfigHatch, valueHatches } from "./hatches";
import { entriesOf, keyPath } from "./overlay";

/** One line for each key that a stack's escape hatches set, without its value; for every preview and up. Pure. */
export function hatchNotices(settings: Settings): string[] {
  const { alloy, grafana, loki, networkPolicies, values } = settings;
  const { components, process } = alloy.pipeline;
  const open = new Set(alloyPorts(settings));
  const set = (given: Values, key: string) =>
    entriesOf(given).map(({ path, value }) => {
      const closed = networkPolicies ? portsIn(value).filter((port) => key !== "values.alloy" || !open.has(port)) : [];
      const note = closed.length === 0 ? "" : `; the network policies keep port ${closed.join(", ")} closed`;
      return `${keyPath(key, path)}: set by the stack${note}`;
    });
  return [
    ...partNames.flatMap((part) => set(values[part], valueHatches[part].key)),
    ...set(loki.config, lokiConfigHatch.key),
    ...set(grafana.ini, grafanaIniHatch.key),
    ...outlineOf(components ?? "").components.map((name) => `alloy.pipeline.components: ${name} added by the stack`),
    ...(process === undefined ? [] : [`alloy.pipeline.process: every line of a pod passes ${process}`]),
  ];
}

/** Ports on which containers below a value listen, or Services forward. */
function portsIn(value: unknown): number[] {
  if (typeof value !== "object" || value === null) return [];
  const { containerPort, targetPort } = value as { containerPort?: unknown; targetPort?: unknown };
  const own = [containerPort, targetPort].filter((port) => typeof port === "number");
  return [...own, ...Object.values(value).flatMap(portsIn)];
}

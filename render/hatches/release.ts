import type { Settings } from "../../config/settings";
import type { Part } from "../../domain/parts";
import type { Values } from "../pod";
import { grafanaIniHatch, valueHatches } from "./hatches";
import { overlay } from "./overlay";

/** What the escape hatches add to the values of a release. */
export interface Extra {
  /** Further values of the chart. Default: none. */
  extraValues?: Values;
  /** For Grafana: further settings in grafana.ini. Default: none. */
  ini?: Settings["grafana"]["ini"];
}

/**
 * The values of a part's release: the program's own, with those of the escape hatches. Pure.
 * @throws ConfigError if a hatch holds a key that the program decides.
 */
export function releaseValues(part: Part, own: Values, { extraValues = {}, ini = {} }: Extra): Values {
  const values = overlay(own, extraValues, valueHatches[part]);
  if (Object.keys(ini).length === 0) return values;
  return { ...values, "grafana.ini": overlay(values["grafana.ini"] as Values, ini, grafanaIniHatch) };
}

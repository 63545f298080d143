import type { Manifest } from "../../automation/renderedCharts";
import { violations } from "../../policies/policies";
import type { Report } from "../report";
import { thingKey, type Thing } from "../thing";
import type { ReleaseChart } from "./charts";
import type { Recorded } from "./recorder";
import { thingsOfProgram, thingsOfRelease } from "./things";

/** Every object of a program: its own, then those of its charts. Pure. */
export function thingsOf(
  resources: readonly Recorded[],
  charts: readonly ReleaseChart[],
  rendered: readonly (readonly Manifest[])[],
): Thing[] {
  const things = [
    ...charts.flatMap((chart, index) => thingsOfRelease(chart, rendered[index] ?? [])),
    ...thingsOfProgram(resources),
  ];
  // Independent resources come in any order.
  return things.sort(
    (a, b) => (a.step ?? 0) - (b.step ?? 0) || a.maker.localeCompare(b.maker) || thingKey(a).localeCompare(thingKey(b)),
  );
}

/** What a program violates of the policies. Pure. */
export function verdictOn(resources: readonly Recorded[]): Report["policies"] {
  return violations(
    resources.map(({ type, name, clearInputs, outputs, protect }) => ({
      type,
      name,
      props: outputs ?? clearInputs,
      protect,
    })),
  );
}

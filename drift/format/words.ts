import { count } from "../../diff/format/words";
import type { DriftReport } from "../report";

/** "2 changed, 1 gone, 40 as deployed"; "no drift" if nothing drifted. */
export function summary({ objects, unchanged }: Pick<DriftReport, "objects" | "unchanged">): string {
  const words = { changed: "changed", removed: "gone", added: "new" } as const;
  const counts = (["changed", "removed", "added"] as const).flatMap((change) => {
    const number = objects.filter((object) => object.change === change).length;
    return number === 0 ? [] : [`${number} ${words[change]}`];
  });
  return [...(counts.length === 0 ? ["no drift"] : counts), `${count(unchanged, "object")} as deployed`].join(", ");
}

import { ranked } from "./causes";
import type { Facts } from "./facts";
import type { RankedFinding } from "./finding";
import { judgeAlloy } from "./judges/alloy";
import { judgeCanaries } from "./judges/canary";
import { judgeCluster } from "./judges/cluster";
import { judgeHomes } from "./judges/homes";
import { judgeLoki } from "./judges/loki";
import { judgeMinio } from "./judges/minio";

/** What is wrong with a stack, the cause first. Pure. */
export function judge(facts: Facts): RankedFinding[] {
  return ranked(
    [judgeCluster, judgeHomes, judgeMinio, judgeLoki, judgeAlloy, judgeCanaries].flatMap((judged) => judged(facts)),
  );
}

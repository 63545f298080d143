import { ranked } from "./causes";
import type { Facts } from "./facts";
import type { ReportedFinding } from "./finding";
import { judgeAlerting } from "./judges/alerting";
import { judgeAlloy } from "./judges/alloy";
import { judgeCanaries } from "./judges/canary";
import { judgeCluster } from "./judges/cluster";
import { judgeGrafana } from "./judges/grafana";
import { judgeHomes } from "./judges/homes";
import { judgeLoki } from "./judges/loki";
import { judgeMinio } from "./judges/minio";
import { judgeObjectStore } from "./judges/objectStore";
import { runbookFor } from "./runbooks";

const judges = [
  judgeCluster,
  judgeHomes,
  judgeMinio,
  judgeObjectStore,
  judgeLoki,
  judgeAlloy,
  judgeCanaries,
  judgeAlerting,
  judgeGrafana,
];

/** What is wrong with a stack, the cause first. Pure. */
export function judge(facts: Facts): ReportedFinding[] {
  const { runbookUrl } = facts.settings.monitoring;
  return ranked(judges.flatMap((judged) => judged(facts))).map((finding) => ({
    ...finding,
    runbook: runbookFor(finding.check, runbookUrl),
  }));
}

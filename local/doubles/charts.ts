import { join } from "node:path";

import type { StandIns } from "../../charts/check";

/** Folder of the charts' test doubles, one folder per chart. */
export const standInCharts = join(__dirname, "charts");

export const standIns: StandIns = {
  folder: (name) => (name === "grafana" ? undefined : join(standInCharts, name)),
  leftOut: {
    loki: {
      "ConfigMap loki-gateway": "the upstream nginx.conf names every path; the double's says the same in fewer rules",
    },
    minio: { "ConfigMap minio": "scripts of the bucket job, which is off" },
  },
};

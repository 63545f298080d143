import { someDatabase } from "../../../support/stack";
import { describeDangers } from "./cases";

describeDangers("grafana", {
  cases: [
    {
      title: "a database instead of Grafana's volume",
      after: { grafana: { database: someDatabase } },
      key: "grafana.database",
      says: /Helm would delete Grafana's volume/,
      remedy: /kubectl -n logharbor-grafana annotate pvc grafana helm\.sh\/resource-policy=keep/,
      allow: "grafana-volume-removed",
    },
  ],
  harmless: [
    [
      "another database",
      "prod",
      { grafana: { database: someDatabase } },
      { grafana: { database: { ...someDatabase, host: "other:5432" } } },
    ],
    ["a volume again", "prod", { grafana: { database: someDatabase } }, {}],
  ],
});

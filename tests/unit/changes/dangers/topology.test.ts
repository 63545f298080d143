import { describeDangers } from "./cases";

describeDangers("topology", {
  cases: [
    {
      title: "one process that becomes write, read and backend",
      after: { topology: "simple-scalable" },
      key: "topology",
      says: /but loki run: up would remove them all at once/,
      remedy: /POST \/flush/,
      allow: "topology-change",
    },
    {
      title: "write, read and backend that become three processes",
      profile: "prod",
      after: { topology: "ha-monolithic" },
      key: "topology",
      says: /but loki-write, loki-read, loki-backend run/,
      remedy: /flush/,
      allow: "topology-change",
    },
    {
      title: "two writers fewer",
      profile: "prod",
      before: { loki: { replicas: { write: 5 } } },
      after: {},
      key: "loki.replicas.write",
      says: /is 3, but 5 run/,
      remedy: /lower it by one/,
      allow: "ingesters-removed",
    },
  ],
  harmless: [
    ["one writer fewer", "prod", { loki: { replicas: { write: 4 } } }, {}],
    ["more of Loki", "prod", {}, { loki: { replicas: { write: 6, read: 5, backend: 4 } } }],
  ],
});

import { describeDangers } from "./cases";

describeDangers("versions", {
  cases: [
    {
      title: "another major version of a chart",
      after: { charts: { loki: { version: "19.0.0" } } },
      key: "charts.loki.version",
      says: /but version 18 of its chart installed/,
      remedy: /charts:check/,
      allow: "chart-major-upgrade",
    },
    {
      title: "an older Loki",
      after: { images: { loki: { tag: "3.6.9" } } },
      key: "images.loki.tag",
      says: /is 3\.6\.9, older than the 3\.7\.6/,
      remedy: /3\.7\.6 or newer/,
      allow: "loki-downgrade",
    },
  ],
  harmless: [
    ["another minor version of a chart", "prod", {}, { charts: { loki: { version: "18.12.0" } } }],
    ["a newer Loki", "prod", {}, { images: { loki: { tag: "3.8.0" } } }],
  ],
});

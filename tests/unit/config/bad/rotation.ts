import { mistyped, unknown, whole, wrong, type BadConfig } from "./rows";

export const rotation: BadConfig[] = [
  ...["gateway", "grafana", "lokiStore", "minioRoot"].flatMap((credential) =>
    wrong(`rotation.${credential}`, whole(1, 1_000_000), "1", 0, "two", 1.5),
  ),
  ...wrong("rotation.unfinished", "must be a list of credentials", '["gateway"]', "gateway"),
  ...wrong("rotation.unfinished[0]", "must be one of gateway, grafana, lokiStore, minioRoot", "gateway", "loki-store"),
  mistyped("rotation.lokiStores", 2, "rotation.lokiStore"),
  ...unknown("rotation.password", "x"),
  [
    { rotation: { lokiStore: 2, unfinished: ["lokiStore", "grafana"] } },
    "rotation.unfinished",
    "holds grafana, whose generation is 1: there is none before it",
    "leave rotation to `npm run rotate`, or remove the name",
  ],
];

import { bytes, wrong, yesOrNo, type BadConfig } from "./rows";

export const grafana: BadConfig[] = [
  ...wrong("grafana.enabled", yesOrNo, "true", "true"),
  ...wrong("grafana.volumeSize", bytes, "5Gi", "0Gi"),
  [
    { grafana: { resources: { memoryRequest: "2Gi" } } },
    "grafana.resources.memoryLimit",
    "is 512Mi, below the request of 2Gi",
    "write at least 2Gi",
  ],
];

import { z } from "zod";

import { resources } from "./groups";
import { grafanaIni } from "./hatchSettings";
import { bytes, flag, httpUrl } from "./kinds";
import { identitySettings, podSettings } from "./podSettings";

/** Grafana. */
export const grafana = z.strictObject({
  ...podSettings("Grafana's pod"),
  ...identitySettings("Grafana"),
  enabled: flag({ both: true, about: "Install Grafana." }),
  url: httpUrl({
    about:
      "Address at which people open Grafana, with a path if it has one; alerts and logins lead to it. Unset: alerts " +
      "have no link.",
    example: "https://grafana.example.com",
  }).optional(),
  volumeSize: bytes({ both: "5Gi", about: "Size of Grafana's volume." }),
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
  }),
  ini: grafanaIni,
});

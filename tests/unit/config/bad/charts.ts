import { unknown, wrong, type BadConfig } from "./rows";

const exact = "must be an exact version, not a range";
const address = "must be an http(s):// or oci:// address";

export const charts: BadConfig[] = [
  ...unknown("charts.prometheus", {}),
  ...wrong("charts.loki.version", exact, "18.11.0", "^18.0.0", "latest"),
  ...wrong("charts.loki.repository", address, "https://charts.example.com", "grafana/loki"),
  ...wrong("charts.loki.path", "must be a path", "/srv/charts/loki", ""),
];

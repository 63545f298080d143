import { mistyped, unknown, wrong, type BadConfig } from "./rows";

const exact = "must be an exact version, not a range";
const address = "must be an http(s):// or oci:// address";

export const charts: BadConfig[] = [
  ...unknown("charts.prometheus", {}),
  ...wrong("charts.loki.version", exact, "18.11.0", "^18.0.0", "latest"),
  ...wrong("charts.loki.repository", address, "https://charts.example.com", "grafana/loki"),
  ...wrong("charts.loki.path", "must be a path", "/srv/charts/loki", ""),
  ...wrong("charts.loki.username", "must be a user name without spaces and colons", "robot", "", "robot:secret", true),
  ...wrong("charts.loki.caFile", "must be a path", "/etc/ssl/corp-ca.pem", ""),
  mistyped("charts.loki.userName", "robot", "charts.loki.username"),
  ...unknown("charts.loki.password", "secret"),
  ...[
    "https://robot:secret@charts.corp/helm",
    "oci://robot:secret@registry.corp/charts",
    "https://t0ken@charts.corp",
  ].map((repository): BadConfig => [
    { charts: { loki: { repository } } },
    "charts.loki.repository",
    "holds a login, which would be stored in plain text",
    "write the address without it, set charts.loki.username, and run `pulumi config set --secret charts:password`",
  ]),
  [
    { charts: { alloy: { repository: "oci://registry.corp:5000/charts", username: "robot" } } },
    "charts.alloy.username",
    "is set, but an oci:// repository takes its login from the registry's",
    "leave it out, and log in on this machine: helm registry login registry.corp:5000",
  ],
  [
    { charts: { minio: { path: "/srv/charts/minio", caFile: "/ca.pem" } } },
    "charts.minio.caFile",
    "is set, but charts.minio.path takes precedence over the repository",
    "leave one of them out",
  ],
];

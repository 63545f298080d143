import { z } from "zod";

import { resources } from "./groups";
import { grafanaIni } from "./hatchSettings";
import { bytes, choice, dnsLabel, flag, hostPort, httpUrl, list, text, whole } from "./kinds";
import { identitySettings, podSettings } from "./podSettings";

const secret = (content: string, example: string) =>
  dnsLabel({ about: `Secret in Grafana's namespace with ${content}. You create it.`, example });

const authority = (of: string) =>
  secret(`the key ca.crt, the authority of ${of}; unset: public authorities`, "internal-ca").optional();

const path = (example: string) =>
  text(
    /^\S(.*\S)?$/u,
    "a path of one line",
  )({ about: "A file. A relative path starts in the current folder.", example });

/** Login by OpenID Connect. */
const oidc = z.strictObject({
  name: text(
    /^\w[\w .&-]*$/,
    "a name of letters, digits, spaces and . & -",
  )({ about: "What people sign in with, on the button; unset: OIDC.", example: "Example SSO" }).optional(),
  authUrl: httpUrl({
    about: "Authorization endpoint, to which the browser goes.",
    example: "https://sso.example.com/authorize",
  }),
  tokenUrl: httpUrl({ about: "Token endpoint, which Grafana asks.", example: "https://sso.example.com/token" }),
  apiUrl: httpUrl({ about: "Userinfo endpoint, which Grafana asks.", example: "https://sso.example.com/userinfo" }),
  clientId: text(
    /^[\w.:/@-]+$/,
    "the id of a client, without spaces",
  )({ about: "Id of Grafana there.", example: "grafana" }),
  secret: secret("the key client-secret", "grafana-oidc"),
  scopes: list(text(/^[\w.:/-]+$/, "a scope")({ about: "A scope.", example: "groups" }), "scopes", {
    about: "Scopes to ask for; unset: openid, profile, email.",
    example: ["openid", "profile", "email", "groups"],
  }).optional(),
  // The chart evaluates {{, Grafana $ and """.
  roleAttributePath: text(
    /^(?!.*(\{\{|"""))[^\s$]([^$\r\n]*[^\s$])?$/,
    'a JMESPath expression of one line without $, {{ and """',
  )({
    about:
      "JMESPath expression over the token and userinfo that yields a role: Viewer, Editor, Admin. Whom it gives none " +
      "may not log in.",
    example: "contains(groups[*], 'ops') && 'Admin' || 'Viewer'",
  }),
  ca: authority("those endpoints"),
});

/** A mail server. */
const smtp = z.strictObject({
  host: hostPort({ about: "Mail server.", example: "smtp.example.com:587" }),
  from: text(
    /^[^\s@"<>;#{}$]+@[^\s@"<>;#{}$]+$/,
    "an e-mail address",
  )({ about: "Sender.", example: "grafana@example.com" }),
  secret: secret("the keys username and password; unset: no login", "grafana-smtp").optional(),
  startTls: choice(["mandatory", "opportunistic", "none"], {
    about: "Whether the connection must switch to TLS (STARTTLS); unset: mandatory. Port 465 is TLS from the start.",
  }).optional(),
});

/** A PostgreSQL that is there. */
const database = z.strictObject({
  host: hostPort({ about: "PostgreSQL.", example: "postgres.db.svc:5432" }),
  name: text(/^\w+$/, "the name of a database")({ about: "Database. It must exist.", example: "grafana" }),
  secret: secret("the keys username and password", "grafana-database"),
  sslMode: choice(["verify-full", "require", "disable"], {
    about: "TLS to PostgreSQL, in its own words; unset: verify-full.",
  }).optional(),
  ca: authority("PostgreSQL's certificate"),
  encryptionSecret: secret(
    "the key secret-key, by which Grafana encrypts what it stores. Keep it as long as the database",
    "grafana-encryption",
  ),
});

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
  volumeSize: bytes({ both: "5Gi", about: "Size of Grafana's volume. With a database it has none." }),
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
  }),
  replicas: whole({ min: 1, max: 9, both: 1, about: "Number of Grafanas. Several share a database." }),
  database: database.optional(),
  oidc: oidc.optional(),
  smtp: smtp.optional(),
  plugins: list(
    text(
      /^[a-z0-9]+(-[a-z0-9]+)+@\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$/,
      "a plug-in and its exact version, id@version",
    )({ about: "A plug-in.", example: "grafana-clock-panel@2.1.8" }),
    "plug-ins",
    {
      both: [],
      about: "Plug-ins of grafana.com to install as Grafana starts, each with its exact version.",
      example: ["grafana-clock-panel@2.1.8"],
    },
  ),
  dataSourceFiles: list(path("grafana/data-sources.yaml"), "paths", {
    both: [],
    about: "Files with further data sources, in the format of Grafana's provisioning.",
    example: ["grafana/data-sources.yaml"],
  }),
  dashboardFiles: list(path("grafana/shop.json"), "paths", {
    both: [],
    about: "Files with further dashboards, each a dashboard model as Grafana exports it.",
    example: ["grafana/shop.json"],
  }),
  ini: grafanaIni,
});

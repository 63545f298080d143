import { join } from "node:path";

import { someDatabase, someOidc } from "../../../support/stack";
import { bytes, label, mistyped, notSet, whole, wrong, yesOrNo, type BadConfig } from "./rows";

const sample = (name: string) => join(__dirname, "samples/grafana", name);
const sources = (...names: string[]) => ({ grafana: { dataSourceFiles: names.map(sample) } });
const boards = (...names: string[]) => ({ grafana: { dashboardFiles: names.map(sample) } });
const inFile = (name: string, problem: string) => `(${sample(name)}) ${problem}`;
const url = "https://grafana.example.com";
const address = "must be an http(s):// address without a login or a query";
const plugin = "must be a plug-in and its exact version, id@version";
const jmesPath = 'must be a JMESPath expression of one line without $, {{ and """';
const variable = "$__env{NAME}, with NAME a key of a Secret that grafana.envFromSecrets names";
const provisioning =
  "write it as Grafana's provisioning: apiVersion: 1, datasources: [{name: Tempo, type: tempo, url: http://…}]";
const exported = "export it in Grafana: the dashboard's settings, JSON model";

export const grafana: BadConfig[] = [
  ...wrong("grafana.enabled", yesOrNo, "true", "true"),
  ...wrong("grafana.volumeSize", bytes, "5Gi", "0Gi"),
  ...wrong("grafana.url", address, url, "grafana.example.com", "https://me:secret@grafana.example.com"),
  ...wrong("grafana.replicas", whole(1, 9), "1", 0, "2"),
  ...wrong(
    "grafana.plugins[0]",
    plugin,
    "grafana-clock-panel@2.1.8",
    "grafana-clock-panel",
    "grafana-clock-panel@latest",
    "grafana-clock-panel@2.1",
    "grafana-clock-panel 2.1.8",
    "grafana-clock-panel@2.1.8@https://example.com/clock.zip",
  ),
  ...wrong("grafana.dataSourceFiles", "must be a list of paths", '["grafana/data-sources.yaml"]', "sources.yaml"),
  mistyped("grafana.plugin", [], "grafana.plugins"),
  mistyped("grafana.dashboardFile", [], "grafana.dashboardFiles"),
  [
    { grafana: { resources: { memoryRequest: "2Gi" } } },
    "grafana.resources.memoryLimit",
    "is 512Mi, below the request of 2Gi",
    "write at least 2Gi",
  ],
  [
    { grafana: { replicas: 2 } },
    "grafana.replicas",
    "is 2, but each Grafana would have users and dashboards of its own",
    "set grafana.database to a PostgreSQL that they share, or write 1",
  ],
  [
    { grafana: { database: { ...someDatabase, host: "postgres://grafana:hunter2@postgres:5432" } } },
    "grafana.database.host",
    "must be host:port",
    "write for example postgres.db.svc:5432",
  ],
  [
    { grafana: { database: { ...someDatabase, secret: "hunter 2" } } },
    "grafana.database.secret",
    label,
    "write for example grafana-database",
  ],
  [
    { grafana: { database: { ...someDatabase, encryptionSecret: undefined } } },
    "grafana.database.encryptionSecret",
    notSet,
    "write for example grafana-encryption",
  ],
  [
    { grafana: { database: { ...someDatabase, sslMode: "verify-ca" } } },
    "grafana.database.sslMode",
    "must be one of verify-full, require, disable",
    "write for example verify-full",
  ],
  [
    { grafana: { database: { ...someDatabase, sslMode: "require" } } },
    "grafana.database.ca",
    "is set, but grafana.database.sslMode is require, which verifies nothing",
    "set grafana.database.sslMode to verify-full, or leave the authority out",
  ],
  [
    { grafana: { database: { ...someDatabase, password: "hunter2" } } },
    "grafana.database.password",
    "is not a known setting",
    "settings here are host, name, secret, sslMode, ca, encryptionSecret",
  ],
  [
    { grafana: { oidc: someOidc } },
    "grafana.url",
    "is not set, but the login (grafana.oidc) returns to it",
    `write the address at which people open Grafana, for example ${url}`,
  ],
  [
    { grafana: { url, oidc: { ...someOidc, clientSecret: "hunter2" } } },
    "grafana.oidc.clientSecret",
    "is not a known setting",
    "settings here are name, authUrl, tokenUrl, apiUrl, clientId, secret, scopes, roleAttributePath, ca",
  ],
  [
    { grafana: { url, oidc: { ...someOidc, roleAttributePath: undefined } } },
    "grafana.oidc.roleAttributePath",
    notSet,
    "write for example contains(groups[*], 'ops') && 'Admin' || 'Viewer'",
  ],
  ...["'${ROLE}'", "{{ .Values.role }}", "'Viewer'\n'Admin'", ""].map((roleAttributePath): BadConfig => [
    { grafana: { url, oidc: { ...someOidc, roleAttributePath } } },
    "grafana.oidc.roleAttributePath",
    jmesPath,
    "write for example contains(groups[*], 'ops') && 'Admin' || 'Viewer'",
  ]),
  [
    { grafana: { url, oidc: { ...someOidc, tokenUrl: "sso.example.com/token" } } },
    "grafana.oidc.tokenUrl",
    address,
    "write for example https://sso.example.com/token",
  ],
  [
    { grafana: { url, oidc: { ...someOidc, tokenUrl: "http://sso/token", apiUrl: "http://sso/userinfo" } } },
    "grafana.oidc.ca",
    "is set, but neither tokenUrl nor apiUrl begins with https://",
    "leave it out, or write https:// there",
  ],
  [
    { grafana: { smtp: { host: "smtp.example.com", from: "grafana@example.com" } } },
    "grafana.smtp.host",
    "must be host:port",
    "write for example smtp.example.com:587",
  ],
  [
    { grafana: { smtp: { host: "smtp.example.com:587", from: "Grafana <grafana@example.com>" } } },
    "grafana.smtp.from",
    "must be an e-mail address",
    "write for example grafana@example.com",
  ],
  [
    { grafana: { smtp: { host: "smtp.example.com:587", from: "grafana@example.com", startTls: true } } },
    "grafana.smtp.startTls",
    "must be one of mandatory, opportunistic, none",
    "write for example mandatory",
  ],
  [
    { grafana: { plugins: ["grafana-clock-panel@2.1.8", "grafana-clock-panel@2.1.7"] } },
    "grafana.plugins",
    "holds grafana-clock-panel twice",
    "name each plug-in once",
  ],
  [
    sources("absent.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("absent.yaml", `can't be read (ENOENT: no such file or directory, open '${sample("absent.yaml")}')`),
    "check the path and its rights",
  ],
  [
    sources("misspelt.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("misspelt.yaml", 'is wrong at datasources.0: Unrecognized key: "basicAuthPassword"'),
    provisioning,
  ],
  [
    sources("plain-secret.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("plain-secret.yaml", "has Tempo, whose secureJsonData.basicAuthPassword holds a secret as plain text"),
    `write ${variable}`,
  ],
  [
    sources("no-environment.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("no-environment.yaml", "has Tempo, which reads its environment, but grafana.envFromSecrets is empty"),
    "name there the Secret with that variable, in Grafana's namespace",
  ],
  [
    sources("login-in-url.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("login-in-url.yaml", "has Tempo, whose url holds a login"),
    `write basicAuthUser and secureJsonData, as ${variable}`,
  ],
  [
    sources("default.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("default.yaml", "has Tempo, which is the default, as Loki is: Grafana would not start"),
    "leave isDefault out",
  ],
  [
    sources("template.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("template.yaml", "has Tempo, which holds {{, and Grafana's chart would evaluate that"),
    "write it without",
  ],
  [
    sources("twice.yaml"),
    "grafana.dataSourceFiles[0]",
    inFile("twice.yaml", "has a second data source Loki"),
    "give each a name of its own",
  ],
  [
    boards("answer.json"),
    "grafana.dashboardFiles[0]",
    inFile(
      "answer.json",
      "is wrong at its top: must be the dashboard, which the API's answer has below its key dashboard",
    ),
    exported,
  ],
  [
    boards("cut.txt"),
    "grafana.dashboardFiles[0]",
    inFile("cut.txt", "is neither YAML nor JSON: Flow map must end with a } at line 1, column 27:"),
    exported,
  ],
  [
    boards("shared.json"),
    "grafana.dashboardFiles[0]",
    inFile("shared.json", "has Shop, exported for sharing: its data sources are placeholders that nothing fills"),
    "export it without that option",
  ],
  [
    boards("ours.json"),
    "grafana.dashboardFiles[0]",
    inFile("ours.json", "has a second dashboard with uid logharbor-logs"),
    "give each a uid of its own",
  ],
];

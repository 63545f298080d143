import type { SettingProblem } from "../domain/problem";
import { readDashboard, readDataSources, type DataSource, type GrafanaFile } from "./grafanaFiles";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses a Grafana that would not start, would lose what it stores, or would show a secret. */
export const grafanaRules: readonly Rule[] = [
  { reads: ["grafana.replicas", "grafana.database"], judge: shared },
  { reads: ["grafana.database"], judge: databaseAuthority },
  { reads: ["grafana.oidc", "grafana.url"], judge: login },
  { reads: ["grafana.plugins"], judge: plugins },
  { reads: ["grafana.dataSourceFiles", "grafana.envFromSecrets"], judge: dataSources },
  { reads: ["grafana.dashboardFiles"], judge: dashboards },
];

/** Most bytes of further dashboards: with the stack's own, a ConfigMap holds 1 MiB. */
const mostDashboardBytes = 700_000;
/** Ids of the stack's own data sources and dashboards. */
const ownUid = /^logharbor-/;
/** Names of the stack's own data sources. */
const ownNames = ["Loki", "Alertmanager", "Prometheus"];
/** How a file of Grafana's refers to a variable of its environment, or to a file. */
const reference = /\$__(env|file)\{[^}]+\}|\$\{?[A-Za-z_]\w*\}?/;

function shared({ grafana: { database, replicas } }: Settings): SettingProblem[] {
  if (replicas === 1 || database !== undefined) return [];
  return [
    {
      key: "grafana.replicas",
      problem: `is ${replicas}, but each Grafana would have users and dashboards of its own`,
      remedy: "set grafana.database to a PostgreSQL that they share, or write 1",
    },
  ];
}

function databaseAuthority({ grafana: { database } }: Settings): SettingProblem[] {
  const { ca, sslMode = "verify-full" } = database ?? {};
  if (ca === undefined || sslMode === "verify-full") return [];
  return [
    {
      key: "grafana.database.ca",
      problem: `is set, but grafana.database.sslMode is ${sslMode}, which verifies nothing`,
      remedy: "set grafana.database.sslMode to verify-full, or leave the authority out",
    },
  ];
}

function login({ grafana: { oidc, url } }: Settings): SettingProblem[] {
  if (oidc === undefined) return [];
  const asked = [oidc.tokenUrl, oidc.apiUrl].map((address) => new URL(address).protocol);
  return [
    ...(url === undefined
      ? [
          {
            key: "grafana.url",
            problem: "is not set, but the login (grafana.oidc) returns to it",
            remedy: "write the address at which people open Grafana, for example https://grafana.example.com",
          },
        ]
      : []),
    ...(oidc.ca === undefined || asked.includes("https:")
      ? []
      : [
          {
            key: "grafana.oidc.ca",
            problem: "is set, but neither tokenUrl nor apiUrl begins with https://",
            remedy: "leave it out, or write https:// there",
          },
        ]),
  ];
}

function plugins({ grafana }: Settings): SettingProblem[] {
  const ids = grafana.plugins.map((plugin) => plugin.slice(0, plugin.indexOf("@")));
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [...new Set(twice)].map((id) => ({
    key: "grafana.plugins",
    problem: `holds ${id} twice`,
    remedy: "name each plug-in once",
  }));
}

function dataSources({ grafana: { dataSourceFiles, envFromSecrets } }: Settings): SettingProblem[] {
  const files = dataSourceFiles.map(readDataSources);
  const taken = { name: new Set<string>(), uid: new Set<string>() };
  return reported("grafana.dataSourceFiles", files, (source) => {
    const { name, uid } = source;
    const problems = ofDataSource(source, envFromSecrets);
    if (taken.name.has(name) || ownNames.includes(name))
      problems.push({ problem: `has a second data source ${name}`, remedy: "give each a name of its own" });
    if (uid !== undefined && (taken.uid.has(uid) || ownUid.test(uid)))
      problems.push({ problem: `has a second data source with uid ${uid}`, remedy: "give each a uid of its own" });
    taken.name.add(name);
    if (uid !== undefined) taken.uid.add(uid);
    return problems;
  });
}

function ofDataSource(
  source: DataSource,
  envFromSecrets: readonly string[],
): Pick<SettingProblem, "problem" | "remedy">[] {
  const { isDefault, name, secureJsonData = {}, url = "" } = source;
  const about = (problem: string) => `has ${name}, ${problem}`;
  const variable = "$__env{NAME}, with NAME a key of a Secret that grafana.envFromSecrets names";
  return [
    ...Object.entries(secureJsonData)
      .filter(([, value]) => !reference.test(value))
      .map(([key]) => ({
        problem: about(`whose secureJsonData.${key} holds a secret as plain text`),
        remedy: `write ${variable}`,
      })),
    ...(Object.values(secureJsonData).some((value) => value.includes("$__env{")) && envFromSecrets.length === 0
      ? [
          {
            problem: about("which reads its environment, but grafana.envFromSecrets is empty"),
            remedy: "name there the Secret with that variable, in Grafana's namespace",
          },
        ]
      : []),
    ...(/^\w+:\/\/[^/]*@/.test(url)
      ? [
          {
            problem: about("whose url holds a login"),
            remedy: `write basicAuthUser and secureJsonData, as ${variable}`,
          },
        ]
      : []),
    ...(isDefault === true
      ? [
          {
            problem: about("which is the default, as Loki is: Grafana would not start"),
            remedy: "leave isDefault out",
          },
        ]
      : []),
    ...(JSON.stringify(source).includes("{{")
      ? [{ problem: about("which holds {{, and Grafana's chart would evaluate that"), remedy: "write it without" }]
      : []),
  ];
}

function dashboards({ grafana: { dashboardFiles } }: Settings): SettingProblem[] {
  const files = dashboardFiles.map(readDashboard);
  const taken = new Set<string>();
  const bytes = Buffer.byteLength(JSON.stringify(files.map(({ content }) => content)));
  return [
    ...reported("grafana.dashboardFiles", files, ({ __inputs, title, uid }) => {
      const problems =
        __inputs === undefined
          ? []
          : [
              {
                problem: `has ${title}, exported for sharing: its data sources are placeholders that nothing fills`,
                remedy: "export it without that option",
              },
            ];
      if (taken.has(uid) || ownUid.test(uid))
        problems.push({ problem: `has a second dashboard with uid ${uid}`, remedy: "give each a uid of its own" });
      taken.add(uid);
      return problems;
    }),
    ...(bytes <= mostDashboardBytes
      ? []
      : [
          {
            key: "grafana.dashboardFiles",
            problem: `hold ${bytes} bytes together, more than the ${mostDashboardBytes} that a ConfigMap has room for`,
            remedy: "import the largest ones in Grafana instead",
          },
        ]),
  ];
}

/** The problems of files, each with its file. */
function reported<T>(
  key: string,
  files: readonly GrafanaFile<T>[],
  judge: (one: T) => Pick<SettingProblem, "problem" | "remedy">[],
): SettingProblem[] {
  return files.flatMap(({ content, path, problems }, index) =>
    [...problems, ...content.flatMap(judge)].map(({ problem, remedy }) => ({
      key: `${key}[${index}]`,
      problem: `(${path}) ${problem}`,
      remedy,
    })),
  );
}

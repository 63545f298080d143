import { wrong, type BadConfig } from "./rows";

const group = "must be a group of keys and values";
const sections = "must hold sections, each with keys and plain values";
const bySetting = (setting: string) =>
  [`is decided by the setting ${setting}`, `leave it out, and set ${setting}`] as const;
const byProgram = ["is decided by the program", "leave it out"] as const;
const inSecret = "keep it in a Secret, and refer to that: with existingSecret, or a variable with valueFrom";
const plain = "holds a credential in plain text";
const pipeline = (components: string, process?: string) => ({ alloy: { pipeline: { components, process } } });
const example = 'loki.source.kubernetes_events "all" { forward_to = [loki.write.loki.receiver] }';
const components = "alloy.pipeline.components";
const either = "loki.process.pods.receiver or loki.write.loki.receiver";

/** A key of a hatch. */
function decided(config: object, key: string, [problem, remedy]: readonly [string, string]): BadConfig {
  return [config as BadConfig[0], key, problem, remedy];
}

/** What the escape hatches refuse. */
export const hatches: BadConfig[] = [
  ...wrong("values.loki", group, '{"loki":{"serviceLabels":{"team":"platform"}}}', "debug", ["debug"], 1),
  ...wrong("loki.config", group, '{"querier":{"tail_max_duration":"2h"}}', "querier:", []),
  ...wrong("grafana.ini", sections, '{"users":{"default_theme":"light"}}', "[users]", ["users"]),
  ...wrong("grafana.ini.users", sections, '{"users":{"default_theme":"light"}}', "light"),
  ...wrong("grafana.ini.users.default_theme", sections, '{"users":{"default_theme":"light"}}', ["light"]),
  ...wrong("alloy.pipeline.components", "must be components in Alloy's syntax", example, " ", ["x"]),
  ...wrong(
    "alloy.pipeline.process",
    "must be the name of a component, such as loki.process.mine",
    "loki.process.mine",
    "mine",
  ),
  [{ values: { lokii: {} } }, "values.lokii", "is not a known setting", "did you mean values.loki?"],

  decided(
    { values: { loki: { write: { replicas: 9 } } } },
    "values.loki.write.replicas",
    bySetting("loki.replicas.write"),
  ),
  decided(
    { values: { minio: { persistence: { size: "1Ti" } } } },
    "values.minio.persistence.size",
    bySetting("minio.volumeSize"),
  ),
  decided({ values: { minio: { replicas: 8 } } }, "values.minio.replicas", bySetting("minio.servers")),
  decided(
    { values: { minio: { persistence: { existingClaim: "old" } } } },
    "values.minio.persistence.existingClaim",
    byProgram,
  ),
  decided({ values: { minio: { persistence: null } } }, "values.minio.persistence", byProgram),
  decided({ values: { minio: { extraContainers: [] } } }, "values.minio.extraContainers", byProgram),
  decided(
    { values: { alloy: { alloy: { resources: { requests: { cpu: "2" } } } } } },
    "values.alloy.alloy.resources.requests.cpu",
    bySetting("alloy.resources"),
  ),
  decided(
    { values: { alloy: { alloy: { configMap: { content: "x" } } } } },
    "values.alloy.alloy.configMap.content",
    bySetting("alloy.pipeline"),
  ),
  decided({ values: { alloy: { agent: { extraArgs: ["x"] } } } }, "values.alloy.agent.extraArgs", byProgram),
  decided(
    { values: { alloy: { controller: { tolerations: [] } } } },
    "values.alloy.controller.tolerations",
    bySetting("alloy.tolerations"),
  ),
  decided(
    { values: { loki: { loki: { structuredConfig: { server: { log_level: "debug" } } } } } },
    "values.loki.loki.structuredConfig.server.log_level",
    bySetting("loki.config"),
  ),
  decided(
    { values: { loki: { loki: { limits_config: { query_timeout: "1h" } } } } },
    "values.loki.loki.limits_config.query_timeout",
    ["has no effect, because the program writes Loki's whole configuration", "leave it out, and set loki.config"],
  ),
  decided(
    { values: { loki: { loki: { image: { tag: "latest" } } } } },
    "values.loki.loki.image.tag",
    bySetting("images.loki"),
  ),
  decided(
    { values: { loki: { write: { autoscaling: { enabled: true } } } } },
    "values.loki.write.autoscaling.enabled",
    bySetting("loki.replicas.write"),
  ),
  decided(
    { values: { loki: { read: { podLabels: { app: "x" } } } } },
    "values.loki.read.podLabels.app",
    bySetting("loki.podLabels"),
  ),
  decided(
    { values: { loki: { networkPolicy: { enabled: true } } } },
    "values.loki.networkPolicy.enabled",
    bySetting("networkPolicies"),
  ),
  decided({ values: { loki: { extraObjects: [{}] } } }, "values.loki.extraObjects", [
    "would make objects that the stack does not know",
    "make them beside the stack",
  ]),
  decided(
    { values: { grafana: { "grafana.ini": { smtp: { enabled: true } } } } },
    'values.grafana["grafana.ini"].smtp.enabled',
    bySetting("grafana.ini"),
  ),
  decided(
    { values: { grafana: { persistence: { enabled: false } } } },
    "values.grafana.persistence.enabled",
    byProgram,
  ),
  decided(
    { values: { grafana: { datasources: { "datasources.yaml": { datasources: [] } } } } },
    'values.grafana.datasources["datasources.yaml"].datasources',
    byProgram,
  ),

  decided(
    { loki: { config: { schema_config: { configs: [] } } } },
    "loki.config.schema_config.configs",
    bySetting("loki.schema"),
  ),
  decided(
    { loki: { config: { limits_config: { retention_period: "24h" } } } },
    "loki.config.limits_config.retention_period",
    bySetting("retention.warmDays"),
  ),
  decided(
    { loki: { config: { limits_config: { retention_stream: [] } } } },
    "loki.config.limits_config.retention_stream",
    bySetting("retention.streams"),
  ),
  decided(
    { loki: { config: { storage_config: { object_prefix: "a/" } } } },
    "loki.config.storage_config.object_prefix",
    byProgram,
  ),
  decided(
    { values: { loki: { defaults: { extraArgs: ["-store.retention=24h"] } } } },
    "values.loki.defaults.extraArgs",
    bySetting("loki.config"),
  ),
  decided(
    { values: { grafana: { env: { GF_AUTH_ANONYMOUS_ENABLED: "true" } } } },
    "values.grafana.env.GF_AUTH_ANONYMOUS_ENABLED",
    bySetting("grafana.ini"),
  ),
  decided(
    { values: { alloy: { alloy: { extraArgs: ["--storage.path=/tmp"] } } } },
    "values.alloy.alloy.extraArgs[0]",
    byProgram,
  ),
  decided({ values: { grafana: { replicas: 2 } } }, "values.grafana.replicas", bySetting("grafana.replicas")),
  decided(
    { grafana: { ini: { database: { type: "mysql" } } } },
    "grafana.ini.database.type",
    bySetting("grafana.database"),
  ),
  decided({ loki: { config: { auth_enabled: false } } }, "loki.config.auth_enabled", byProgram),
  decided({ loki: { config: { server: "debug" } } }, "loki.config.server", byProgram),
  decided({ loki: { config: { tracing: { endpoint: "{{ .Values.x }}" } } } }, "loki.config.tracing.endpoint", [
    "holds {{, which the chart would evaluate",
    "write it without",
  ]),
  decided(
    { grafana: { ini: { server: { root_url: "https://a" } } } },
    "grafana.ini.server.root_url",
    bySetting("grafana.url"),
  ),
  decided(
    { grafana: { ini: { "auth.anonymous": { enabled: true } } } },
    'grafana.ini["auth.anonymous"].enabled',
    byProgram,
  ),

  decided({ values: { grafana: { env: { SMTP_PASSWORD: "hunter2" } } } }, "values.grafana.env.SMTP_PASSWORD", [
    plain,
    inSecret,
  ]),
  decided(
    { values: { loki: { gateway: { extraEnv: [{ name: "API_TOKEN", value: "hunter2" }] } } } },
    "values.loki.gateway.extraEnv[0].value",
    [plain, inSecret],
  ),
  decided({ values: { minio: { oidc: { clientSecret: "hunter2" } } } }, "values.minio.oidc.clientSecret", [
    plain,
    inSecret,
  ]),
  decided({ loki: { config: { querier: { secret_key: "hunter2" } } } }, "loki.config.querier.secret_key", [
    plain,
    "keep it in a Secret, name that in loki.envFromSecrets, and write ${VARIABLE}",
  ]),
  decided({ grafana: { ini: { smtp: { password: "hunter2" } } } }, "grafana.ini.smtp.password", [
    plain,
    "keep it in a Secret, name that in grafana.envFromSecrets, and write $__env{VARIABLE}, or $__file{PATH}",
  ]),

  decided(pipeline('loki.process "a" {'), components, [
    "is not in Alloy's syntax: line 1: { is not closed",
    "check it with `alloy validate`",
  ]),
  decided(pipeline("hello"), components, [
    'is not in Alloy\'s syntax: line 1: "hello" begins no component',
    "check it with `alloy validate`",
  ]),
  decided(pipeline('loki.write "loki" { }'), components, [
    "has a component loki.write.loki, which the platform has too",
    "choose another label",
  ]),
  decided(pipeline('loki.process "a" { }\nloki.process "a" { }'), components, [
    "has two components loki.process.a",
    "give each its own label",
  ]),
  decided(pipeline('loki.process "a" { forward_to = [loki.write.elsewhere.receiver] }'), components, [
    "sends lines to loki.write.elsewhere, which does not exist",
    `add it, or send them to ${either}`,
  ]),
  decided(pipeline('loki.process "a" { forward_to = [loki.process.joined.receiver] }'), components, [
    "sends lines to loki.process.joined, which may change with the platform",
    `send them to ${either}`,
  ]),
  decided(pipeline('loki.write "b" {\n  password = "hunter2"\n}'), components, [
    plain,
    'keep it in a Secret, name that in alloy.envFromSecrets, and write sys.env("VARIABLE")',
  ]),
  decided(
    pipeline('loki.process "a" { forward_to = [loki.process.pods.receiver] }', "loki.process.b"),
    "alloy.pipeline.process",
    ["is loki.process.b, which alloy.pipeline.components does not have", "add it, or name one of loki.process.a"],
  ),
  decided(
    pipeline('loki.process "a" { forward_to = [loki.write.loki.receiver] }', "loki.process.a"),
    "alloy.pipeline.process",
    [
      "is loki.process.a, but no component sends lines to loki.process.pods: no line of a pod would reach Loki",
      "let it forward to loki.process.pods.receiver",
    ],
  ),
];

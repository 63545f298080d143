import { gatewayVariables } from "../../domain/names";
import { fieldStages } from "./fields";
import { maskStages } from "./mask";
import { joinsLines, logLabel, multilineLabel, multilineStages } from "./multiline";
import { authorityPath, speaksTls } from "../tls";
import { ruleStages } from "./rules";
import type { AlloySpec } from "./spec";
import { tenantStages } from "./tenants";
import { quote } from "./syntax";

/*
 * The second half of the pipeline, from a line that was read to Loki, in Alloy's syntax.
 */

/**
 * A limit lets through this many seconds' worth of lines at once: an app that logs a lot as it starts is not a flood.
 */
const burstSeconds = 10;

/** Turns what a source read into a line with labels and structured metadata, without secrets. */
export function labelling(spec: AlloySpec): string {
  const { limits, podAs, source } = spec;
  const files = source === "files";
  // Both sources set the same index labels. So if lines are read again after a change of source, Loki knows them.
  const metadata = [...(podAs === "structured-metadata" ? ["pod"] : []), ...(files ? ["stream"] : [])];
  // The API's source adds labels that name the pod (instance) or itself (job).
  const dropped = ["instance", "job", ...(joinsLines(spec) ? [logLabel, multilineLabel] : []), ...metadata];
  const keep = `  stage.structured_metadata {
    values = { ${metadata.map((name) => `${name} = ""`).join(", ")} }
  }
`;
  return `loki.process "pods" {
  forward_to = [${limited(limits) ? "loki.relabel.limits" : "loki.write.loki"}.receiver]

${multilineStages(spec)
  .map((stage) => `${stage}\n`)
  .join("")}${metadata.length > 0 ? `${keep}\n` : ""}  stage.label_drop {
    values = [${dropped.map(quote).join(", ")}]
  }
${ruleStages(spec)}${maskStages(spec)}${fieldStages(spec)}${tenantStages(spec)}}
`;
}

/**
 * Drops what a namespace or an app writes beyond its limit. Empty without limits. Alloy counts the dropped lines by
 * namespace and by app (`loki_process_dropped_lines_by_label_total`). A limiter in Alloy works on one label only, so
 * namespace and app are joined into one.
 */
export function limiting({ limits }: AlloySpec): string[] {
  if (!limited(limits)) return [];
  const { namespaceLinesPerSecond, appLinesPerSecond } = limits;
  return [
    `loki.relabel "limits" {
  forward_to = [loki.process.limits.receiver]

  rule {
    source_labels = ["namespace", "app"]
    separator     = "/"
    target_label  = "namespace_app"
  }
}
`,
    `loki.process "limits" {
  forward_to = [loki.write.loki.receiver]
${limit("namespace", namespaceLinesPerSecond)}${limit("namespace_app", appLinesPerSecond)}
  stage.label_drop {
    values = ["namespace_app"]
  }
}
`,
  ];
}

function limited(limits: AlloySpec["limits"]): boolean {
  return limits.namespaceLinesPerSecond !== undefined || limits.appLinesPerSecond !== undefined;
}

function limit(label: string, linesPerSecond: number | undefined): string {
  if (linesPerSecond === undefined) return "";
  return `
  stage.limit {
    by_label_name = ${quote(label)}
    rate          = ${linesPerSecond}
    burst         = ${linesPerSecond * burstSeconds}
    drop          = true
  }
`;
}

/** What sending depends on. */
type Writing = Pick<AlloySpec, "certificates" | "externalLabels" | "login" | "lokiUrl" | "tenant">;

/** Sends lines to Loki. */
export function writing(spec: Writing): string {
  return `loki.write "loki" {
  endpoint {
    url       = ${quote(`${spec.lokiUrl}/loki/api/v1/push`)}
    tenant_id = ${quote(spec.tenant)}
${spec.login ? login : ""}${speaksTls(spec) ? authority : ""}
    // Retry for as long as Loki is away: by default, Alloy drops a batch after 8.5 minutes. While a batch waits, the
    // sources wait too, and the lines stay in the kubelet's files.
    max_backoff_retries = 0
    max_backoff_period  = "15s"

    // Loki refuses a stream that is one too many (429), and stores the rest of the batch. If Alloy sent it again, Loki
    // would refuse it again, and every log of the node would wait behind it. Alloy logs a warning and counts it; Loki
    // counts the lines by reason. Alloy never reaches a rate limit, so 429 has no other cause.
    retry_on_http_429 = false
  }
${externally(spec.externalLabels)}}
`;
}

/** Labels that each line gets at the end. They have one value each, so there are no more streams than without. */
function externally(externalLabels: AlloySpec["externalLabels"]): string {
  const labels = Object.entries(externalLabels);
  if (labels.length === 0) return "";
  return `
  external_labels = {
${labels.map(([name, value]) => `    ${quote(name)} = ${quote(value)},\n`).join("")}  }
`;
}

/** The login comes from a Secret, through environment variables. */
const login = `
    basic_auth {
      username = sys.env(${quote(gatewayVariables.user)})
      password = sys.env(${quote(gatewayVariables.password)})
    }
`;

const authority = `
    tls_config {
      ca_file = ${quote(authorityPath)}
    }
`;

import { gatewayVariables } from "../../domain/names";
import { authorityPath, speaksTls } from "../tls";
import type { AlloySpec } from "./spec";
import { quote } from "./syntax";

/*
 * The pipeline from a line that was read to Loki, in Alloy's syntax.
 */

/** Seconds' worth of lines that may come at once where lines are limited: a start that logs much is no flood. */
const burstSeconds = 10;

/** Makes of what a source read the line, its labels and its structured metadata. */
export function labelling({ limits, podAs, source }: AlloySpec): string {
  const files = source === "files";
  // Index labels are the same for both sources, so that what is read again after a change of source is known to Loki.
  const metadata = [...(podAs === "structured-metadata" ? ["pod"] : []), ...(files ? ["stream"] : [])];
  // The API's source adds labels that name the pod (instance) or itself (job).
  const dropped = ["instance", "job", ...metadata];
  const keep = `  stage.structured_metadata {
    values = { ${metadata.map((name) => `${name} = ""`).join(", ")} }
  }
`;
  return `loki.process "pods" {
  forward_to = [${limited(limits) ? "loki.relabel.limits" : "loki.write.loki"}.receiver]

${files ? "" : `${withoutLineBreak}\n`}${metadata.length > 0 ? `${keep}\n` : ""}  stage.label_drop {
    values = [${dropped.map(quote).join(", ")}]
  }
}
`;
}

/** Lines from the API server keep their line break, which would be stored and make `$` in queries fail. */
const withoutLineBreak = `  stage.regex {
    expression = "^(?P<line>.*)"
  }

  stage.output {
    source = "line"
  }
`;

/**
 * Drops what a namespace or an app writes beyond its limit; nothing where there is none. Alloy counts what it drops, by
 * namespace and by app (`loki_process_dropped_lines_by_label_total`); a limiter of Alloy's knows one label only, so
 * namespace and app are joined in one.
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

/** Sends to Loki. */
export function writing(spec: AlloySpec): string {
  return `loki.write "loki" {
  endpoint {
    url       = ${quote(`${spec.lokiUrl}/loki/api/v1/push`)}
    tenant_id = ${quote(spec.tenant)}
${spec.login ? login : ""}${speaksTls(spec) ? authority : ""}
    // Retry without end while Loki is away: the default gives a batch up after 8.5 minutes. While a batch waits the
    // sources wait too, and the lines stay in the kubelet's files.
    max_backoff_retries = 0
    max_backoff_period  = "15s"

    // Loki refuses a stream (429) that is one too many, and stores the rest of the batch: sent again it would be
    // refused again, and every log of the node would wait behind it. Alloy warns and counts it; Loki counts the lines
    // by reason. Alloy itself is never over a rate.
    retry_on_http_429 = false
  }
}
`;
}

/** The login comes from a Secret, by the environment. */
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

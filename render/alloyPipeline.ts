import type { Settings } from "../config/settings";
import { quote, sources } from "./alloySources";
import { endpointsOf, type EndpointsInput } from "./endpoints";
import { gatewayVariables } from "./names";
import { authorityPath, speaksTls } from "./tls";

/** What the pipeline is made from. */
export type AlloyPipelineInput = EndpointsInput & Pick<Settings, "alloy" | "images" | "tenant">;

/**
 * The pipeline that every Alloy runs: pods of its own node, relabelled, tailed, pushed to Loki. Alloy syntax.
 *
 * Index labels are `namespace`, `app`, `container`, `node`: few values each, so few streams. The pod's name changes with
 * every rollout; as a label each rollout would open new streams, so it is structured metadata unless `alloy.podAs` says otherwise.
 */
export function alloyPipeline(input: AlloyPipelineInput): string {
  return [sources(input), process(input), write(input)].join("\n");
}

function process({ alloy }: AlloyPipelineInput): string {
  const files = alloy.source === "files";
  // Index labels are the same for both sources, so that what is read again after a change of source is known to Loki.
  const metadata = [...(alloy.podAs === "structured-metadata" ? ["pod"] : []), ...(files ? ["stream"] : [])];
  // The API's source adds labels that name the pod (instance) or itself (job).
  const dropped = ["instance", "job", ...metadata];
  const keep = `  stage.structured_metadata {
    values = { ${metadata.map((name) => `${name} = ""`).join(", ")} }
  }
`;
  return `loki.process "pods" {
  forward_to = [loki.write.loki.receiver]

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

function write(input: AlloyPipelineInput): string {
  return `loki.write "loki" {
  endpoint {
    url       = ${quote(`${endpointsOf(input).loki}/loki/api/v1/push`)}
    tenant_id = ${quote(input.tenant)}
${input.gateway.authentication === "basic" ? login : ""}${speaksTls(input) ? authority : ""}
    // Retry without end: the default gives a batch up after 8.5 minutes. While a batch waits the sources wait too,
    // and the lines stay in the kubelet's files.
    max_backoff_retries = 0
    max_backoff_period  = "15s"
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

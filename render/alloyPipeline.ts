import type { Settings } from "../config/settings";
import { limits, process, quote, write } from "./alloyWrite";
import type { EndpointsInput } from "./endpoints";

/** What the pipeline is made from. */
export type AlloyPipelineInput = EndpointsInput & Pick<Settings, "alloy" | "images" | "tenant">;

/** Annotation by which a pod or a namespace opts out of collection: `logharbor.io/collect: "false"`. */
export const optOutAnnotation = "logharbor.io/collect";

const optOutLabel = (kind: "pod" | "namespace") => `__meta_kubernetes_${kind}_annotation_${optOutAnnotation.replace(/[^A-Za-z0-9]/g, "_")}`;

/** `discovery.kubernetes` attaches the namespace's metadata from this version on. */
const namespaceMetadataSince = [1, 12];

/**
 * The pipeline that every Alloy runs: pods of its own node, relabelled, tailed, pushed to Loki. Alloy syntax.
 *
 * Index labels are `namespace`, `app`, `container`, `node`: few values each, so few streams. The pod's name changes with
 * every rollout; as a label each rollout would open new streams, so it is structured metadata unless `alloy.podAs` says otherwise.
 */
export function alloyPipeline(input: AlloyPipelineInput): string {
  const { source } = input.alloy;
  return [discovery(input), source === "files" ? tailFiles : tailApi, process(input), ...limits(input), write(input)].join("\n");
}

function discovery({ alloy, images }: AlloyPipelineInput): string {
  const namespaceMetadata = knowsNamespaceMetadata(images.alloy.tag);
  return `// The field selector is what keeps every Alloy from watching every pod of the cluster.
discovery.kubernetes "pods" {
  role = "pod"

  selectors {
    role  = "pod"
    field = "spec.nodeName=" + sys.env("K8S_NODE_NAME")
  }
${namespaceMetadata ? "\n  attach_metadata {\n    namespace = true\n  }\n" : ""}}

discovery.relabel "pods" {
  targets = discovery.kubernetes.pods.targets
${drop(optOutLabel("pod"), "false")}${namespaceMetadata ? drop(optOutLabel("namespace"), "false") : ""}${alloy.excludeNamespaces.length > 0 ? drop("__meta_kubernetes_namespace", alloy.excludeNamespaces.join("|")) : ""}
${[
  copy(["__meta_kubernetes_namespace"], "namespace"),
  copy(["__meta_kubernetes_pod_name"], "pod"),
  copy(["__meta_kubernetes_pod_container_name"], "container"),
  copy(["__meta_kubernetes_pod_node_name"], "node"),
  copy(["app_kubernetes_io_name", "app", "k8s_app"].map((label) => `__meta_kubernetes_pod_label_${label}`), "app"),
].join("\n")}

  // One target a container, not one a port.
  rule {
    action = "labeldrop"
    regex  = "__meta_kubernetes_pod_container_port_.*"
  }
${
  alloy.source === "files"
    ? `
  rule {
    source_labels = ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"]
    separator     = "/"
    target_label  = "__path__"
    replacement   = "/var/log/pods/*$1/*.log"
  }
`
    : ""
}}
`;
}

const tailApi = `loki.source.kubernetes "pods" {
  targets    = discovery.relabel.pods.output
  forward_to = [loki.process.pods.receiver]
}
`;

const tailFiles = `local.file_match "pods" {
  path_targets = discovery.relabel.pods.output
}

loki.source.file "pods" {
  targets    = local.file_match.pods.targets
  forward_to = [loki.process.pods.receiver]
}
`;

function drop(label: string, regex: string): string {
  return `
  rule {
    source_labels = [${quote(label)}]
    regex         = ${quote(regex)}
    action        = "drop"
  }
`;
}

/** The first of the labels that is not empty. */
function copy(labels: string[], target: string): string {
  const many = labels.length > 1;
  return `
  rule {
    source_labels = [${labels.map(quote).join(", ")}]
${many ? '    regex         = ";*([^;]+).*"\n' : ""}    target_label  = ${quote(target)}
  }`.slice(1);
}

function knowsNamespaceMetadata(tag: string): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(tag);
  if (match === null) return true;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > namespaceMetadataSince[0]! || (major === namespaceMetadataSince[0] && minor >= namespaceMetadataSince[1]!);
}

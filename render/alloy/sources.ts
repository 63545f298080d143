import { alloyFindsFiles, isOlder, versionOf } from "../../domain/version";
import { attachments } from "../../domain/pipeline";
import { choices, collectName, type Choice } from "./collect";
import { joinsLines, logLabel, multilineAnnotation, multilineLabel } from "./multiline";
import type { AlloySpec } from "./spec";
import { quote } from "./syntax";

/** Labels of a pod that can become `app`. The first one that the pod has is used. */
const appLabels = ["app.kubernetes.io/name", "app", "k8s-app"];

const underscored = (name: string) => name.replace(/[^A-Za-z0-9]/g, "_");

/**
 * How often Alloy looks for new files. The kubelet may keep the log of a container that fails at once for only two
 * seconds (docs/durability.md), so the default of ten seconds is too long.
 */
const syncPeriod = "500ms";

/**
 * The lines of the node's pods, with namespace, pod, container, node and app, for `loki.process.pods`, or for the
 * stack's own component before it. Alloy syntax.
 */
export function sources(spec: AlloySpec): string {
  return spec.source === "files" ? fileSource(spec) : apiSource(spec);
}

/**
 * Alloy opens each log file of the node as soon as the file exists, because the kubelet may delete it within seconds.
 * The path contains namespace, pod and container. The rest is known only to the API server. Alloy takes it from a
 * watch, which has a pod before the kubelet starts it, and adds it to each line. Discovery would be too late: it
 * reports new pods every five seconds at best.
 */
function fileSource(spec: AlloySpec): string {
  const { excludeNamespaces, pipeline, podLogsDir } = spec;
  const joins = joinsLines(spec);
  const chosen = spec.multiline.annotation ? [multilineLabel] : [];
  const excluded =
    excludeNamespaces.length > 0
      ? `, __path_exclude__ = ${quote(`${podLogsDir}/{${excludeNamespaces.join(",")}}_*/*/*.log`)}`
      : "";
  return `loki.source.file "pods" {
  targets    = [{ __path__ = ${quote(`${podLogsDir}/*/*/*.log`)}${excluded} }]
  forward_to = [loki.process.files.receiver]

  file_match {
    enabled     = true
    sync_period = ${quote(syncPeriod)}
  }
}

loki.process "files" {
  forward_to = [otelcol.receiver.loki.pods.receiver]

  stage.cri { }

  // NAMESPACE_POD_UID/CONTAINER/RESTARTS.log; of a static pod, a hash of its file is in the place of the UID.
  stage.regex {
    source     = "filename"
    expression = "^${escaped(podLogsDir)}/(?P<namespace>[^_/]+)_(?P<pod>[^_/]+)_[^/]+/(?P<container>[^/]+)/"
  }

  stage.labels {
    values = { namespace = "", pod = "", container = ""${joins ? `, ${logLabel} = "filename"` : ""} }
  }

  stage.label_drop {
    values = ["filename"]
  }
}

// The next four components match each line with its pod, by the names of namespace and pod.
otelcol.receiver.loki "pods" {
  output {
    logs = [otelcol.processor.attributes.pods.input]
  }
}

otelcol.processor.attributes "pods" {
  action {
    key            = "k8s.namespace.name"
    from_attribute = "namespace"
    action         = "insert"
  }

  action {
    key            = "k8s.pod.name"
    from_attribute = "pod"
    action         = "insert"
  }

  // How the exporter at the end turns this back into a line with labels.
  action {
    key    = "loki.format"
    value  = "raw"
    action = "insert"
  }

  action {
    key    = "loki.resource.labels"
    value  = ${quote(["app", ...choices.map(choiceLabel), ...chosen, "k8s.pod.uid"].join())}
    action = "insert"
  }

  output {
    logs = [otelcol.processor.groupbyattrs.pods.input]
  }
}

otelcol.processor.groupbyattrs "pods" {
  keys = ["k8s.namespace.name", "k8s.pod.name"]

  output {
    logs = [otelcol.processor.k8sattributes.pods.input]
  }
}

otelcol.processor.k8sattributes "pods" {
  // Until the watch has started, lines wait in their files.
  wait_for_metadata         = true
  wait_for_metadata_timeout = "8760h"

  filter {
    node = sys.env("K8S_NODE_NAME")
  }

  pod_association {
    source {
      from = "resource_attribute"
      name = "k8s.namespace.name"
    }

    source {
      from = "resource_attribute"
      name = "k8s.pod.name"
    }
  }

  extract {
    metadata = ["k8s.pod.uid"]
${[
  // If a pod has several of these labels, the last one wins.
  ...[...appLabels].reverse().map((label) => extracted("app", { kind: "label", key: label, from: "pod" })),
  ...choices.map((choice) => extracted(choiceLabel(choice), { ...choice, key: collectName })),
  ...chosen.map((label) => extracted(label, { kind: "annotation", key: multilineAnnotation, from: "pod" })),
].join("\n")}
  }

  // By default, pods with certain names are left out. No pod has an empty name, so this leaves out none.
  exclude {
    pod {
      name = "^$"
    }
  }

  output {
    logs = [otelcol.exporter.loki.pods.input]
  }
}

otelcol.exporter.loki "pods" {
  forward_to = [loki.process.joined.receiver]
}

loki.process "joined" {
  forward_to = [${next(pipeline)}]
${optOuts}${spec.collect === "annotated" ? optedIn : ""}
  // The pod is unknown, so it may have opted out.
  stage.match {
    selector            = "{k8s_pod_uid=\\"\\"}"
    action              = "drop"
    drop_counter_reason = "unknown_pod"
  }

  stage.static_labels {
    values = { node = sys.env("K8S_NODE_NAME") }
  }

  stage.label_drop {
    values = [${["exporter", "k8s_pod_uid", ...choices.map(choiceLabel)].map(quote).join(", ")}]
  }
}
`;
}

/** What takes the lines of pods. */
function next({ process = attachments.pods }: AlloySpec["pipeline"]): string {
  return `${process}.receiver`;
}

/** Label with a choice of the pod or its namespace, until the choice has been followed. */
function choiceLabel({ from, kind }: Choice): string {
  return `${from}_${kind}_collect`;
}

const optOuts = choices.map((choice) => dropped(choiceLabel(choice), "false", "opted_out")).join("");

/** A path in a regular expression in a string of Alloy's syntax. */
function escaped(path: string): string {
  return path.replaceAll(".", "\\\\.");
}

/** One label or annotation of the pod or its namespace that is added to a line. */
function extracted(
  name: string,
  { kind, key, from }: { kind: "label" | "annotation"; key: string; from: "pod" | "namespace" },
): string {
  return `
    ${kind} {
      key      = ${quote(key)}
      from     = ${quote(from)}
      tag_name = ${quote(name)}
    }`;
}

/** Drops the lines of pods that have not opted in, if neither their namespace has. */
const optedIn = `
  stage.match {
    selector            = ${quote(`{${choices.map((choice) => `${choiceLabel(choice)}!="true"`).join(", ")}}`)}
    action              = "drop"
    drop_counter_reason = "not_opted_in"
  }
`;

function dropped(source: string, value: string, reason: string): string {
  return `
  stage.drop {
    source              = ${quote(source)}
    value               = ${quote(value)}
    drop_counter_reason = ${quote(reason)}
  }
`;
}

function apiSource({ collect, excludeNamespaces, image, multiline, pipeline }: AlloySpec): string {
  const namespaceMetadata = !isOlder(versionOf(image.tag) ?? alloyFindsFiles, alloyFindsFiles);
  const marks = choices
    .filter(({ from }) => namespaceMetadata || from === "pod")
    .map(({ from, kind }) => `__meta_kubernetes_${from}_${kind}_${underscored(collectName)}`);
  return `// Without the field selector, every Alloy would watch every pod of the cluster.
discovery.kubernetes "pods" {
  role = "pod"

  selectors {
    role  = "pod"
    field = "spec.nodeName=" + sys.env("K8S_NODE_NAME")
  }
${namespaceMetadata ? "\n  attach_metadata {\n    namespace = true\n  }\n" : ""}}

discovery.relabel "pods" {
  targets = discovery.kubernetes.pods.targets
${[
  ...marks.map((mark) => drop(mark, "false")),
  ...(collect === "annotated" ? [keep(marks, "true")] : []),
  ...(excludeNamespaces.length > 0 ? [drop("__meta_kubernetes_namespace", excludeNamespaces.join("|"))] : []),
].join("")}
  // If Alloy asks for a container that has not started, it misses what the container writes
  // until Alloy asks again.${drop("__meta_kubernetes_pod_container_id", "")}
${[
  copy(["__meta_kubernetes_namespace"], "namespace"),
  copy(["__meta_kubernetes_pod_name"], "pod"),
  copy(["__meta_kubernetes_pod_container_name"], "container"),
  copy(["__meta_kubernetes_pod_node_name"], "node"),
  copy(
    appLabels.map((label) => `__meta_kubernetes_pod_label_${underscored(label)}`),
    "app",
  ),
  ...(multiline.annotation
    ? [copy([`__meta_kubernetes_pod_annotation_${underscored(multilineAnnotation)}`], multilineLabel)]
    : []),
].join("\n")}

  // One target per container, not one per port.
  rule {
    action = "labeldrop"
    regex  = "__meta_kubernetes_pod_container_port_.*"
  }
}

loki.source.kubernetes "pods" {
  targets    = discovery.relabel.pods.output
  forward_to = [loki.process.lines.receiver]
}

// Lines from the API server end with a line break. If it were stored, $ would not match in queries.
loki.process "lines" {
  forward_to = [${next(pipeline)}]

  stage.regex {
    expression = "^(?P<line>.*)"
  }

  stage.output {
    source = "line"
  }
}
`;
}

function drop(label: string, regex: string): string {
  return `
  rule {
    source_labels = [${quote(label)}]
    regex         = ${quote(regex)}
    action        = "drop"
  }
`;
}

/** Keeps what has the value in one of the labels. */
function keep(labels: string[], value: string): string {
  return `
  rule {
    source_labels = [${labels.map(quote).join(", ")}]
    regex         = ${quote(`(.*;)?${value}(;.*)?`)}
    action        = "keep"
  }
`;
}

/** Copies the first of the labels that is not empty. */
function copy(labels: string[], target: string): string {
  const many = labels.length > 1;
  return `
  rule {
    source_labels = [${labels.map(quote).join(", ")}]
${many ? '    regex         = ";*([^;]+).*"\n' : ""}    target_label  = ${quote(target)}
  }`.slice(1);
}

import { eventsApp } from "../../domain/names";
import { maskStages } from "../alloy/mask";
import { quote } from "../alloy/syntax";
import { tenantStages } from "../alloy/tenants";
import { writing } from "../alloy/write";
import type { EventsSpec } from "./spec";

/**
 * What the reader of events runs: every event of the cluster, as a line of JSON, pushed to Loki. Alloy syntax.
 *
 * The index labels are `namespace`, that of the object which the event is about, and `app`. What tells events apart is
 * structured metadata: kind and name of the object, and reason and type of the event. `detected_level` follows from the
 * type, because Loki would guess it from words of the message.
 */
export function eventsPipeline(spec: EventsSpec): string {
  return [source, labelling(spec), writing(spec)].join("\n");
}

/**
 * Alloy tries once, when it starts, to reach the API server. If that fails, the reader stands still for ever, and Alloy
 * calls it healthy; so it does on a node that starts, before Services can be reached. Discovery tries again and again.
 * Until it has found the API server's own Service, the reader watches a namespace that cannot exist; then the argument
 * changes, and the reader starts anew, for all namespaces.
 */
const source = `discovery.kubernetes "api_server" {
  role = "service"

  namespaces {
    names = ["default"]
  }

  selectors {
    role  = "service"
    field = "metadata.name=kubernetes"
  }
}

// Any list but the empty one is no key of this map, and without names the reader watches every namespace.
loki.source.kubernetes_events "cluster" {
  namespaces = {"[]" = ["-"]}[string.format("%v", discovery.kubernetes.api_server.targets)]
  log_format = "json"
  forward_to = [loki.process.events.receiver]
}
`;

/** Longest line of an event. Most have less than 1 KiB; Kubernetes limits only the newer ones. */
const lineLimit = "64KiB";

function labelling(spec: EventsSpec): string {
  const { excludeNamespaces } = spec;
  const excluded = `
  stage.match {
    selector            = ${quote(`{namespace=~"${excludeNamespaces.join("|")}"}`)}
    action              = "drop"
    drop_counter_reason = "excluded_namespace"
  }
`;
  return `loki.process "events" {
  forward_to = [loki.write.loki.receiver]
${excludeNamespaces.length === 0 ? "" : excluded}
  stage.json {
    expressions = { kind = "", name = "", reason = "", type = "" }
  }

  stage.template {
    source   = "detected_level"
    template = "{{ if eq .type \\"Warning\\" }}warn{{ else }}info{{ end }}"
  }

  stage.structured_metadata {
    values = { kind = "", name = "", reason = "", type = "", detected_level = "" }
  }

  stage.static_labels {
    values = { app = ${quote(eventsApp)} }
  }

  stage.label_drop {
    values = ["instance", "job"]
  }

  stage.truncate {
    rule {
      limit  = ${quote(lineLimit)}
      suffix = "... (cut)"
    }

    rule {
      source_type = "structured_metadata"
      limit       = "1KiB"
    }
  }
${maskStages(spec)}${tenantStages(spec)}}
`;
}

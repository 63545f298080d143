import { dangerNames } from "../../../../domain/danger";
import {
  className,
  label,
  mistyped,
  notGroup,
  notSet,
  isNull,
  tenantName,
  unknown,
  whole,
  wrong,
  yesOrNo,
  type BadConfig,
} from "./rows";

const profile = "must be one of dev, prod";
const topology = "must be one of single-binary, simple-scalable, ha-monolithic";
const danger = `must be one of ${dangerNames.join(", ")}`;
const strictness = "must be one of required, preferred";
const namespaces = "must be a list of namespaces";

/** Settings of the stack as a whole. */
export const stack: BadConfig[] = [
  ...wrong("profile", notSet, "dev", undefined),
  ...wrong("profile", profile, "dev", "production", "", "Dev"),

  mistyped("tennant", "a", "tenant"),
  mistyped("Tenant", "a", "tenant"),
  mistyped("retension", { days: 3 }, "retention"),
  ...unknown("elasticsearch", true),

  ...wrong("topology", topology, "single-binary", "distributed", "ha", "SimpleScalable"),
  ...wrong("tenant", tenantName, "logharbor", "", "team a", "..", "a|b", "a".repeat(151)),
  ...wrong("protectData", yesOrNo, "true", "yes", 1),
  ...wrong("storageClass", className, "fast-ssd", "", "Fast SSD"),

  ...wrong("allow", "must be a list of dangers", '["retention-cut"]', "retention-cut", true),
  ...wrong("allow[0]", danger, "retention-cut", "everything"),
  [{ allow: ["retention-cut", "yes"] }, "allow[1]", danger, "write for example retention-cut"],

  ...notGroup("spread", "required"),
  ...wrong("spread.nodes", strictness, "required", "hard", true),
  ...wrong("spread.zones", strictness, "required", "none"),
  [{ spread: { nodes: "required", zones: 3 } }, "spread.zones", strictness, "write for example required"],
  mistyped("spread.zone", "required", "spread.zones"),
  isNull("spread.nodes", "its default of preferred"),

  ...wrong("networkPolicies", yesOrNo, "true", "on", { enabled: true }),
  mistyped("networkPolicy", true, "networkPolicies"),
  ...wrong("ingressNamespaces", namespaces, '["ingress-nginx"]', "ingress-nginx"),
  ...wrong("ingressNamespaces[0]", label, "ingress-nginx", "Ingress"),
  ...wrong("apiServerPorts", "must hold at least one port", "[443,6443]", []),
  ...wrong("apiServerPorts[0]", whole(1, 65535), "6443", 70000),
];

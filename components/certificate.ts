import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Settings } from "../config/settings";
import type { Part } from "../render/networkPolicies";
import { certificateSpec } from "../render/tls";

/**
 * The certificate of a part's namespace, for its release to depend on: by cert-manager, waited for until it is signed. Empty where there is none,
 * or where its Secret is the operator's to make.
 */
export function certificate(
  name: string,
  part: Part,
  namespace: k8s.core.v1.Namespace,
  args: { namespace: string; tls: Settings["tls"] },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource[] {
  if (args.tls.certificates !== "cert-manager") return [];
  return [
    new k8s.apiextensions.CustomResource(
      `${name}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: "logharbor", namespace: namespace.metadata.name, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: certificateSpec(part, args.namespace, args.tls),
      },
      opts,
    ),
  ];
}

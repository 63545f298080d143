import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Part } from "../domain/parts";
import type { Policy } from "../render/networkPolicies";
import { marksOf, stackLabels, type Marks } from "../render/ownership";
import type { PartSpec } from "../render/part";
import type { PodSecurity } from "../render/podSecurity";
import type { Labels } from "../render/pod";
import { certificateSpec } from "../render/tls";
import { thisStack } from "./owner";

/** Args of {@link home}. */
export interface HomeArgs extends Pick<
  PartSpec,
  "namespace" | "existingNamespace" | "certificates" | "issuer" | "clusterDomain"
> {
  /** The part that lives there. */
  part: Part;
  /** Pod Security level that the namespace enforces if the stack creates it. */
  level: PodSecurity;
  /** Network policies of its pods. Default: none. */
  policies?: readonly Policy[];
  /** Refuse to delete or replace the namespace. Default: false. */
  protect?: boolean;
}

/** The place of a part in the cluster. */
export interface Home {
  /** Name of the namespace. If the stack creates the namespace, the name is known once it exists. */
  namespace: pulumi.Input<string>;
  /** What must exist before a pod of the part runs: namespace, policies, certificate. */
  resources: pulumi.Resource[];
  /** Returns the metadata of an object of the part in this namespace. */
  metadata: (
    name: string,
    annotations?: Record<string, string>,
  ) => Marks & { name: string; namespace: pulumi.Input<string> };
  /**
   * Labels for the part's pods in addition to those of its chart. Empty unless others may have pods in the namespace.
   */
  podLabels: Labels;
}

/** The namespace of a part, with its network policies and its certificate. Does not create an existing namespace. */
export function home(name: string, args: HomeArgs, opts: pulumi.CustomResourceOptions): Home {
  const { certificates, existingNamespace, level, namespace, part, policies = [], protect = false } = args;
  const marks = marksOf(thisStack(), part);
  const made = existingNamespace
    ? []
    : [podSecurityNamespace(`${name}-namespace`, { namespace, marks, level }, { ...opts, protect })];
  const inside = made[0]?.metadata.name ?? namespace;
  const metadata: Home["metadata"] = (object, annotations = {}) => ({
    name: object,
    namespace: inside,
    labels: marks.labels,
    annotations: { ...marks.annotations, ...annotations },
  });

  const rules = policies.map(
    (policy) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-policy-${policy.key}`,
        { metadata: metadata(policy.name), spec: policy.spec },
        opts,
      ),
  );
  // Pulumi waits until cert-manager has signed the certificate. If the operator makes the Secret, no certificate is
  // needed.
  const signed =
    certificates !== "cert-manager"
      ? []
      : [
          new k8s.apiextensions.CustomResource(
            `${name}-certificate`,
            {
              apiVersion: "cert-manager.io/v1",
              kind: "Certificate",
              metadata: metadata("logharbor", { "pulumi.com/waitFor": "condition=Ready" }),
              spec: certificateSpec(part, args),
            },
            opts,
          ),
        ];
  return {
    namespace: inside,
    resources: [...made, ...rules, ...signed],
    metadata,
    podLabels: existingNamespace ? stackLabels(thisStack(), part) : {},
  };
}

function podSecurityNamespace(
  name: string,
  { namespace, marks, level }: { namespace: string; marks: Marks; level: PodSecurity },
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Namespace {
  const enforced = {
    "pod-security.kubernetes.io/enforce": level,
    "pod-security.kubernetes.io/enforce-version": "latest",
  };
  return new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name: namespace,
        labels: { ...marks.labels, ...enforced },
        annotations: marks.annotations,
      },
    },
    opts,
  );
}

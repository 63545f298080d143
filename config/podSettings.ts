import { z } from "zod";

import { resources } from "./groups";
import {
  annotations,
  choice,
  dnsLabel,
  list,
  objectLabelName,
  objectLabels,
  objectLabelValue,
  plainObject,
  text,
  whole,
} from "./kinds";

/*
 * Where a part's pods run, and what they carry: flat among the part's settings, in Kubernetes' own words.
 */

/** A toleration of a taint. */
const toleration = z
  .strictObject({
    key: objectLabelName({ about: "Taint; unset: every taint.", example: "dedicated" }).optional(),
    operator: choice(["Equal", "Exists"], { about: "How the value is compared; unset: Equal." }).optional(),
    value: objectLabelValue({ about: "Value of the taint.", example: "logging" }).optional(),
    effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
      about: "Effect of the taint; unset: every effect.",
    }).optional(),
    tolerationSeconds: whole({
      min: 0,
      max: 2_147_483_647,
      about: "Seconds that a running pod stays after a taint with effect NoExecute; unset: it stays.",
      example: 300,
    }).optional(),
  })
  // The API server refuses all three.
  .refine(({ key, operator }) => key !== undefined || operator === "Exists", {
    error: "needs a key, or operator Exists for every taint",
  })
  .refine(({ operator, value }) => operator !== "Exists" || value === undefined, {
    error: "has operator Exists, which compares no value",
  })
  .refine(({ effect, tolerationSeconds }) => effect === "NoExecute" || tolerationSeconds === undefined, {
    error: "has tolerationSeconds, which only effect NoExecute may have",
  });

/** Defaults that differ from part to part. */
interface PodDefaults {
  tolerations?: z.output<typeof toleration>[];
  priorityClassName?: string;
}

/**
 * The placement of a part's pods, and what they carry.
 * @param what the pods, for the descriptions
 * @param defaults in both profiles. Default: no tolerations, the cluster's default PriorityClass
 */
export const podSettings = (what: string, { tolerations = [], priorityClassName = "" }: PodDefaults = {}) => ({
  nodeSelector: objectLabels({
    both: {},
    about: `Labels that a node must have to run ${what}. Empty: every Linux node.`,
    example: { "node-role.example.com/logs": "true" },
  }),
  tolerations: list(toleration, "tolerations", {
    both: tolerations,
    about: `Taints in spite of which a node runs ${what}, as in a pod.`,
    example: [{ key: "dedicated", operator: "Exists" }],
  }),
  affinity: z.strictObject({
    nodeAffinity: plainObject({ about: `Rules about the nodes of ${what}, as in a pod.` }).optional(),
    podAffinity: plainObject({
      about: `Rules about the pods near which to run ${what}, as in a pod. Replicas keep apart by the settings in spread.`,
    }).optional(),
  }),
  priorityClassName: text(
    /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$/,
    "the name of a PriorityClass",
  )({
    both: priorityClassName,
    about: `PriorityClass of ${what}. Empty: the cluster's default.`,
    example: "system-node-critical",
  }),
  podAnnotations: annotations({
    both: {},
    about: `Further annotations of ${what}.`,
    example: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
  }),
  podLabels: objectLabels({ both: {}, about: `Further labels of ${what}.`, example: { team: "platform" } }),
  serviceAnnotations: annotations({
    both: {},
    about: `Annotations of the Services in front of ${what}.`,
    example: { "service.kubernetes.io/topology-mode": "Auto" },
  }),
});

/** What pods with a ServiceAccount of their own may have besides. */
export const identitySettings = (what: string) => ({
  serviceAccountAnnotations: annotations({
    both: {},
    about: `Annotations of the ServiceAccount of ${what}, by which a cloud gives it an identity.`,
    example: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/logs" },
  }),
  envFromSecrets: list(dnsLabel({ about: "A Secret.", example: "proxy" }), "names of Secrets", {
    both: [],
    about: `Secrets in the namespace whose keys become environment variables of ${what}. You create them.`,
    example: ["proxy"],
  }),
});

const one = resources({}).partial();

/** CPU and memory of single targets of Loki, each in place of `loki.resources`. */
export const targetResources = z.strictObject({
  singleBinary: one,
  write: one,
  read: one,
  backend: one,
  gateway: one,
});

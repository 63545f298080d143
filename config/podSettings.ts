import { z } from "zod";

import { resources } from "./groups";
import { choice, dnsLabel, kubernetesMap, list, plainObject, text, whole, type Defaults } from "./kinds";

/*
 * Where a part's pods run, and what they carry: flat among the part's settings, in Kubernetes' own words.
 */

const toleration = z.strictObject({
  key: text(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/,
    "the key of a taint",
  )({ about: "Key of the taint; unset, with operator Exists: every taint.", example: "dedicated" }).optional(),
  operator: choice(["Equal", "Exists"], {
    about: "Whether the taint's value must be equal (Kubernetes' default).",
  }).optional(),
  value: text(
    /^.{0,63}$/,
    "a text of at most 63 characters",
  )({
    about: "Value of the taint, with operator Equal.",
    example: "logging",
  }).optional(),
  effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
    about: "Effect of the taint; unset: every effect.",
  }).optional(),
  tolerationSeconds: whole({
    min: 0,
    max: 2_147_483_647,
    about: "Seconds that a pod may stay after a taint with effect NoExecute; unset: for as long as it runs.",
    example: 300,
  }).optional(),
});

/** One toleration of a pod. */
export type Toleration = z.output<typeof toleration>;

/**
 * The placement of a part's pods, and what they carry.
 * @param what the pods, for the descriptions
 * @param tolerations their default. Default: none
 */
export const podSettings = (what: string, tolerations: Defaults<Toleration[]> = { both: [] }) => ({
  nodeSelector: kubernetesMap({
    both: {},
    about: `Labels that a node must have to run ${what}.`,
    example: { "kubernetes.io/arch": "amd64" },
  }),
  tolerations: list(toleration, "tolerations", {
    ...tolerations,
    about: `Taints that ${what} may run with.`,
    example: [{ key: "dedicated", operator: "Equal", value: "logging", effect: "NoSchedule" }],
  }),
  affinity: z.strictObject({
    nodeAffinity: plainObject({ about: `Rules about the nodes of ${what}.` }).optional(),
    podAffinity: plainObject({
      about: `Rules about the pods near which to run ${what}. Replicas keep apart by the settings in spread.`,
    }).optional(),
  }),
  priorityClassName: text(
    /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
    "the name of a PriorityClass",
  )({ about: `PriorityClass of ${what}; unset: the cluster's default.`, example: "platform" }).optional(),
  podAnnotations: kubernetesMap({
    both: {},
    about: `Further annotations of ${what}.`,
    example: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
  }),
  podLabels: kubernetesMap({ both: {}, about: `Further labels of ${what}.`, example: { team: "platform" } }),
  serviceAnnotations: kubernetesMap({
    both: {},
    about: `Annotations of the Services of ${what}.`,
    example: { "service.kubernetes.io/topology-mode": "Auto" },
  }),
});

/** What pods with a ServiceAccount of their own may have besides. */
export const identitySettings = (what: string) => ({
  serviceAccountAnnotations: kubernetesMap({
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

/** CPU and memory of single targets of Loki. */
export const targetResources = z.strictObject({
  singleBinary: one,
  write: one,
  read: one,
  backend: one,
  gateway: one,
});

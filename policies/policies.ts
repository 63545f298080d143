import type { Policies, PolicyResourceOptions, ResourceValidation, StackValidation } from "@pulumi/policy";

import { unpinned } from "./pinnedVersions";
import { plaintextSecrets } from "./plaintextSecrets";
import { privileges } from "./privileges";
import { looseNamespaces } from "./podSecurity";
import { tooFewReplicas, unprotected } from "./production";
import type { Resource } from "./resource";

/** A rule that a stack must follow. The decision is a pure function; here it gets its name. */
interface Rule {
  name: string;
  description: string;
  /** What is wrong with one resource. */
  each?: (resource: Resource) => string[];
  /** What is wrong with the whole stack. */
  whole?: (resources: readonly Resource[]) => string[];
}

const rules: readonly Rule[] = [
  { name: "pinned-versions", description: "Charts and images have exact versions.", each: unpinned },
  {
    name: "no-plaintext-secret",
    description: "No credential in a ConfigMap or in Helm values.",
    each: plaintextSecrets,
  },
  {
    name: "pod-security",
    description: "Every namespace enforces Pod Security restricted; at most one may be looser.",
    whole: looseNamespaces,
  },
  {
    name: "no-privileges",
    description: "No pod reaches beyond itself, but for the files of the nodes that Alloy reads.",
    each: privileges,
  },
  { name: "prod-replicas", description: "A prod stack survives the loss of a replica.", whole: tooFewReplicas },
  {
    name: "protected-data",
    description: "In a prod stack, whatever holds logs is protected from deletion.",
    whole: unprotected,
  },
];

/** The rules as the engine checks them. */
export const policies: Policies = rules.map(({ name, description, each, whole }) => ({
  name,
  description,
  ...(each === undefined ? {} : { validateResource: ofEach(each) }),
  ...(whole === undefined ? {} : { validateStack: ofWhole(whole) }),
})) as Policies;

/** What these resources violate, without an engine. Pure. */
export function violations(resources: readonly Resource[]): { policy: string; violation: string }[] {
  return rules.flatMap(({ name, each, whole }) =>
    [...(each === undefined ? [] : resources.flatMap(each)), ...(whole?.(resources) ?? [])].map((violation) => ({
      policy: name,
      violation,
    })),
  );
}

function ofEach(violated: (resource: Resource) => string[]): ResourceValidation {
  return (resource, report) => violated(seen(resource)).forEach((violation) => report(violation));
}

function ofWhole(violated: (resources: readonly Resource[]) => string[]): StackValidation {
  return ({ resources }, report) => violated(resources.map(seen)).forEach((violation) => report(violation));
}

function seen({
  type,
  name,
  props,
  opts,
}: {
  type: string;
  name: string;
  props: Record<string, unknown>;
  opts: PolicyResourceOptions;
}): Resource {
  return { type, name, props, protect: opts.protect };
}

import type { Policies, PolicyResourceOptions, ResourceValidation, StackValidation } from "@pulumi/policy";

import { unpinned } from "./pinnedVersions";
import { plaintextSecrets } from "./plaintextSecrets";
import { privileges } from "./privileges";
import { looseNamespaces } from "./podSecurity";
import { tooFewReplicas, unprotected } from "./production";
import type { Resource } from "./resource";

/** The rules that a stack must follow. Each decision is a pure function; here it gets its name. */
export const policies: Policies = [
  { name: "pinned-versions", description: "Charts and images have exact versions.", validateResource: each(unpinned) },
  {
    name: "no-plaintext-secret",
    description: "No credential in a ConfigMap or in Helm values.",
    validateResource: each(plaintextSecrets),
  },
  {
    name: "pod-security",
    description: "Every namespace enforces Pod Security restricted; at most one may be looser.",
    validateStack: whole(looseNamespaces),
  },
  {
    name: "no-privileges",
    description: "No pod reaches beyond itself, but for the files of the nodes that Alloy reads.",
    validateResource: each(privileges),
  },
  {
    name: "prod-replicas",
    description: "A prod stack survives the loss of a replica.",
    validateStack: whole(tooFewReplicas),
  },
  {
    name: "protected-data",
    description: "In a prod stack, whatever holds logs is protected from deletion.",
    validateStack: whole(unprotected),
  },
];

function each(violations: (resource: Resource) => string[]): ResourceValidation {
  return (resource, report) => violations(seen(resource)).forEach((violation) => report(violation));
}

function whole(violations: (resources: readonly Resource[]) => string[]): StackValidation {
  return ({ resources }, report) => violations(resources.map(seen)).forEach((violation) => report(violation));
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

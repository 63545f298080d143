import * as pulumi from "@pulumi/pulumi";

import type { Owner } from "../render/ownership";

/** The stack that this program builds. */
export function thisStack(): Owner {
  return { project: pulumi.getProject(), stack: pulumi.getStack() };
}

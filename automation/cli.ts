import { dirname } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";

/** The Pulumi CLI at a path, in the SDK's form; undefined for the one on the PATH, which the SDK finds itself. */
export async function commandOf(cli: string | undefined): Promise<PulumiCommand | undefined> {
  return cli === undefined ? undefined : PulumiCommand.get({ root: dirname(dirname(cli)) });
}

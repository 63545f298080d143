import type { StateResource } from "../../automation/state";
import type { Json, JsonObject } from "../json";
import type { Mask } from "../mask";
import { sealed } from "../sealed";
import type { Recorded } from "./recorder";
import { sealedBy, thingsOfProgram, thingsOfState } from "./things";

/** Learns the secrets of a program: also those among the values of its charts, which render them anywhere. */
export function learnProgram(mask: Mask, resources: readonly Recorded[]): void {
  mask.learn(thingsOfProgram(resources));
  for (const { inputs, clearInputs } of resources) mask.learnSealed(sealedBy(inputs, clearInputs));
}

/** The same of a state. Of outputs only passwords: the provider seals all that it notes of a release. */
export function learnState(mask: Mask, resources: readonly StateResource[]): void {
  mask.learn(thingsOfState(resources));
  for (const { type, inputs = {}, outputs = {} } of resources) {
    mask.learnSealed(sealed(inputs as JsonObject));
    if (type.startsWith("random:")) mask.learnSealed(sealed((outputs.result ?? null) as Json));
  }
}

/** Learns what a config keeps secret: the password of chart repositories, and a kubeconfig that is not a path. */
export function learnConfig(mask: Mask, config: Readonly<Record<string, string>>): void {
  const kubeconfig = config["kubernetes:kubeconfig"] ?? "";
  const secrets = [
    config["charts:password"],
    process.env.LOGHARBOR_CHARTS_PASSWORD,
    /\n|^\s*\{/.test(kubeconfig) ? kubeconfig : undefined,
  ];
  for (const secret of secrets) if (secret !== undefined) mask.learnText(secret);
}

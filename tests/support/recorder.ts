import * as pulumi from "@pulumi/pulumi";

import type { Json } from "../../diff/json";
import { recordProgram, type Recorded } from "../../diff/gather/recorder";
import { EngineTransforms } from "./engineTransformsDouble";

export type { Json, Recorded };
export { secretMark } from "../../diff/marks";

/** The value that `RandomPassword` of this name generates. */
export const generatedBy = (name: string) => `generated-by-${name}`;

/**
 * Runs `build` as the stack "test", with passwords that tell who generated them, and with the transforms of resources.
 * Also returns what it notes for people. See {@link recordProgram}.
 */
export async function record<T>(
  config: Record<string, string>,
  build: () => T | Promise<T>,
  resources: Recorded[] = [],
): Promise<{ resources: Recorded[]; notes: string[]; result: T }> {
  const { info } = pulumi.log;
  const notes: string[] = [];
  Object.assign(pulumi.log, { info: (text: string) => Promise.resolve(notes.push(text)) });
  const engine = () => new EngineTransforms();
  // The SDK takes a stack trace for each promise, and finding its lines in the sources takes as long as all the rest.
  process.setSourceMapsEnabled(false);
  try {
    const args = { config, project: "logharbor", stack: "test", computed, engine };
    return { ...(await recordProgram(args, build, resources)), notes };
  } finally {
    process.setSourceMapsEnabled(true);
    Object.assign(pulumi.log, { info });
  }
}

function computed(type: string, name: string): { [key: string]: Json } {
  return type === "random:index/randomPassword:RandomPassword" ? { result: generatedBy(name) } : {};
}

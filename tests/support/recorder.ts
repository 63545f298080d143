import type { Json } from "../../diff/json";
import { recordProgram, type Recorded } from "../../diff/gather/recorder";

export type { Json };
export { secretMark } from "../../diff/marks";
export type { Recorded };

/** The value that `RandomPassword` of this name generates. */
export const generatedBy = (name: string) => `generated-by-${name}`;

/** Runs `build` as the stack "test", with a password that tells who generated it. See {@link recordProgram}. */
export async function record<T>(
  config: Record<string, string>,
  build: () => T | Promise<T>,
  resources: Recorded[] = [],
): Promise<{ resources: Recorded[]; result: T }> {
  return recordProgram({ config, project: "logharbor", stack: "test", computed }, build, resources);
}

function computed(type: string, name: string): { [key: string]: Json } {
  return type === "random:index/randomPassword:RandomPassword" ? { result: generatedBy(name) } : {};
}

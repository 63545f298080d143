import { parts, type PartName } from "../parts/parts";

/** What runs in pods: parts of ours, and a shell. */
type Program = PartName | "busybox";

/** Name of the image of a program: of a registry that does not exist, as it can only be imported. */
export function imageName(program: Program): string {
  const tag = program === "busybox" ? "1" : parts[program].version.replace(/^v/, "");
  return `localhost/logharbor/${program}:${tag}`;
}

/** `text` with the image names in the places of the form `@image:NAME@`. */
export function fillImages(text: string): string {
  return text.replaceAll(/@image:([a-z-]+)@/g, (_, program: Program) => imageName(program));
}

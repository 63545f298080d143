import { parts, type PartName } from "../builds/programs";

/** Programs of the machine's distribution, in the version that it has. */
const packaged = ["nginx", "memcached"] as const;

/** What runs in pods: our own parts, a shell, and programs from packages. */
type Program = PartName | "busybox" | (typeof packaged)[number];

/** Name of a program's image. Its registry does not exist, because the image can only be imported. */
export function imageName(program: Program): string {
  const tag = program === "busybox" ? "1" : isPackaged(program) ? "packaged" : parts[program].version.replace(/^v/, "");
  return `localhost/logharbor/${program}:${tag}`;
}

function isPackaged(program: Program): program is (typeof packaged)[number] {
  return (packaged as readonly string[]).includes(program);
}

/** Replaces each `@image:NAME@` in `text` with the name of that image. */
export function fillImages(text: string): string {
  return text.replaceAll(/@image:([a-z-]+)@/g, (_, program: Program) => imageName(program));
}

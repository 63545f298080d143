import { programs, type ProgramName } from "../builds/programs";

/** Programs of the machine's distribution, in the version that it has. */
const packaged = ["nginx", "memcached"] as const;

/** What runs in pods: our own programs, a shell, and programs from packages. */
type InPods = ProgramName | "busybox" | (typeof packaged)[number];

/** Name of a program's image. Its registry does not exist, because the image can only be imported. */
export function imageName(program: InPods): string {
  const tag =
    program === "busybox" ? "1" : isPackaged(program) ? "packaged" : programs[program].version.replace(/^v/, "");
  return `localhost/logharbor/${program}:${tag}`;
}

function isPackaged(program: InPods): program is (typeof packaged)[number] {
  return (packaged as readonly string[]).includes(program);
}

/** Replaces each `@image:NAME@` in `text` with the name of that image. */
export function fillImages(text: string): string {
  return text.replaceAll(/@image:([a-z-]+)@/g, (_, program: InPods) => imageName(program));
}

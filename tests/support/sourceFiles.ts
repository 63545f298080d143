import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout. */
export const projectDir = join(__dirname, "../..");

/** A file of the checkout. */
export interface SourceFile {
  /** Relative to the checkout. */
  file: string;
  content: string;
}

/** All files of the checkout whose name ends so. */
export function sourceFiles(ending: string): SourceFile[] {
  const others = ["node_modules", ".git", "dist"];
  const read = (file: string): SourceFile => ({ file, content: readFileSync(join(projectDir, file), "utf8") });
  return readdirSync(projectDir, { withFileTypes: true })
    .filter(({ name }) => !others.includes(name))
    .flatMap((entry) => (entry.isDirectory() ? below(entry.name) : [entry.name]))
    .filter((file) => file.endsWith(ending))
    .map(read);
}

const below = (folder: string) =>
  readdirSync(join(projectDir, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));

import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** The text of each section of a page of the runbooks, by anchor. */
export function sectionsOf(page: string): Map<string, string> {
  const sections = readFileSync(join(root, page), "utf8").split(/^## /m).slice(1);
  return new Map(sections.map((text) => [text.slice(0, text.indexOf("\n")).toLowerCase(), text]));
}

/** What each section has to tell. */
export const sectionParts = ["Meaning", "Impact", "See it", "Do"].map((part) => `- **${part}**: `);

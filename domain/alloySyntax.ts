/* Alloy's syntax, as far as it can be checked without Alloy. */

/** A component, by the name with which others refer to it: `loki.process.mine`. */
export type ComponentName = string;

/** What a text in Alloy's syntax holds. */
export interface Outline {
  /** Its components, and other blocks at the top. */
  components: ComponentName[];
  /** Components whose exports it uses as targets of lines: `loki.process.mine` of `loki.process.mine.receiver`. */
  receivers: ComponentName[];
  /** The first thing that Alloy could not read. Undefined: there is none. */
  fault?: string;
}

const pairs: Record<string, string> = { "{": "}", "[": "]", "(": ")" };
const closing = new Set(Object.values(pairs));
/** What counts as one: comments, then strings, which a line break ends unless they are raw. */
const token = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"?|`[^`]*`?|[{}[\]()]|[^"`/{}[\]()]+|\//g;
const header = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:"([^"]*)")?$/;

/** The outline of a text. Pure. */
export function outlineOf(text: string): Outline {
  const outline: Outline = { components: [], receivers: [] };
  const open: { bracket: string; line: number }[] = [];
  let [top, code, line] = ["", "", 1];
  const wrong = (fault: string, at = line) => (outline.fault ??= `line ${at}: ${fault}`);
  for (const [found] of text.matchAll(token)) {
    if (/^\/[/*]/.test(found)) {
      if (found.startsWith("/*") && !/^\/\*[\s\S]*\*\/$/.test(found)) wrong("a comment is not closed");
    } else if (found in pairs) {
      if (open.length === 0) addBlock(outline, { bracket: found, top: top.trim(), wrong });
      open.push({ bracket: found, line });
      top = "";
    } else if (closing.has(found)) {
      if (pairs[open.pop()?.bracket ?? ""] !== found) wrong(`${found} closes nothing`);
    } else if (/^["`]/.test(found) && (found.length === 1 || !found.endsWith(found[0]!))) {
      wrong("a string is not closed");
    } else if (open.length === 0) top += found;
    code += /^["`/]/.test(found) ? " " : found;
    line += found.split("\n").length - 1;
  }
  const left = open.at(-1);
  if (left !== undefined) wrong(`${left.bracket} is not closed`, left.line);
  else if (top.trim() !== "") wrong(`"${top.trim().split(/\s/)[0]}" begins no component`);
  outline.receivers = [
    ...new Set([...code.matchAll(/\b([a-z]\w*(?:\.\w+)+)\.(?:receiver|input)\b/g)].map(([, name]) => name!)),
  ];
  return outline;
}

function addBlock(
  { components }: Outline,
  { bracket, top, wrong }: { bracket: string; top: string; wrong: (fault: string) => void },
): void {
  const [, kind, label] = header.exec(top) ?? [];
  if (bracket !== "{" || kind === undefined) wrong(`"${top}${bracket}" begins no component`);
  else components.push(label === undefined ? kind : `${kind}.${label}`);
}

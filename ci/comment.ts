/** What a comment has above and below its text. */
export interface Frame {
  /** The stack that the comment is about. */
  stack: string;
  /** The commit that was looked at. Default: not said. */
  commit?: string;
  /** Address of the run, which has the whole difference. Default: not said. */
  run?: string;
}

const prefix = "<!-- logharbor: preview of stack ";
/** What a cut text may need to close what is open and to say that it was cut. */
const reserve = 400;

/** The first line of a comment, by which the next run finds it. Nobody sees it: it is an HTML comment. */
export function markerOf(stack: string): string {
  return `${prefix}${stack} -->`;
}

/** The stack that a comment is about, if it begins with a marker. */
export function stackOf(body: string): string | undefined {
  return /^<!-- logharbor: preview of stack ([\w./-]+) -->/.exec(body)?.[1];
}

/** A whole comment of at most `limit` characters. Pure. */
export function commentOf(text: string, frame: Frame, limit: number): string {
  const head = `${markerOf(frame.stack)}\n`;
  const foot = footOf(frame);
  return `${head}${cut(text.trimEnd(), limit - head.length - foot.length)}${foot}`;
}

/** What replaces the comment on a stack that a change no longer touches. Pure. */
export function settledComment(frame: Frame): string {
  return `${markerOf(frame.stack)}\nThis change no longer touches stack \`${frame.stack}\`.${footOf(frame)}`;
}

function footOf({ commit, run }: Frame): string {
  const parts = [
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`]),
    ...(run === undefined ? [] : [`[the run has the whole difference](${run})`]),
  ];
  return parts.length === 0 ? "\n" : `\n\n<sub>${parts.join(", ")}</sub>\n`;
}

/**
 * A text in Markdown of at most `limit` characters. It is cut between two lines, or within the first if even that is too
 * long. What a cut leaves open is closed: a fence, `<details>`. Pure.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept: string[] = [];
  const lines = text.split("\n");
  let left = limit - reserve;
  for (const line of lines) {
    if (line.length + 1 > left) break;
    kept.push(line);
    left -= line.length + 1;
  }
  // A pair of surrogates is one character: half of one is none.
  if (kept.length === 0) kept.push(lines[0]!.slice(0, left).replace(/[\uD800-\uDBFF]$/, ""));
  const more = lines.length - kept.length;
  const said = more === 0 ? "The rest of this line was cut." : `Cut here: ${more} more line${more === 1 ? "" : "s"}.`;
  return [...kept, ...closing(kept), "", `**${said}**`].join("\n");
}

/** The lines that close what the lines before leave open. */
function closing(lines: readonly string[]): string[] {
  let fence: string | undefined;
  let details = 0;
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else details += (line.match(/<details\b/g) ?? []).length - (line.match(/<\/details>/g) ?? []).length;
  }
  return [
    ...(fence === undefined ? [] : [fence]),
    ...Array.from({ length: Math.max(0, details) }, () => "\n</details>"),
  ];
}

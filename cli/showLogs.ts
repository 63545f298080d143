import { around, type Nearby } from "../logs/around";
import { newest, pages, type Page } from "../logs/pages";
import type { Entry, LokiAccess } from "../logs/query";
import { sumOf, type QueryStats } from "../logs/stats";
import { Handed, tail } from "../logs/tail";
import { formatBytes } from "../domain/duration";
import { answer, print, readerReady } from "./console";
import { csvHeader, format, formatNearby, type Output } from "./entryFormats";
import { ProgressBar } from "./progressBar";

/** What to print. */
export interface LogRequest {
  query: string;
  start: bigint;
  end: bigint;
  /** Most lines, the newest ones. */
  limit: number | "all";
  follow: boolean;
  output: Output;
  /** Neighbours on each side of a line. */
  around?: number;
  stats: boolean;
  /** Most lines in one answer of Loki. */
  pageLines: number;
}

/** Prints the lines that a request finds, then those that arrive. */
export async function showLogs(loki: LokiAccess, request: LogRequest, signal: AbortSignal): Promise<void> {
  const { end, follow, limit, output, pageLines, query, start } = request;
  const colours = process.stdout.isTTY && process.stdout.hasColors();
  const bar = new ProgressBar();
  const asked = { query, start, end, pageLines, signal, onNote: noteOver(bar) };
  const handed = new Handed();
  const answers: QueryStats[] = [];
  let lines = 0;
  let oldest: Entry | undefined;
  const show = async (entries: readonly Entry[]) => {
    bar.hide();
    for (const entry of entries) {
      answer(format(entry, output, colours));
      if (follow) handed.add(entry);
    }
    oldest ??= entries[0];
    lines += entries.length;
    await readerReady();
  };
  const progress = ({ share, stats }: Page, count: number) => {
    answers.push(stats);
    bar.show(share, `${count} lines`);
  };

  if (output === "csv") answer(csvHeader);
  if (limit === "all") {
    for await (const page of pages(loki, asked)) {
      await show(page.entries);
      progress(page, lines);
      if (signal.aborted) return;
    }
  } else {
    const onPage = (page: Page, count: number) =>
      progress({ ...page, share: Math.max(page.share, count / limit) }, count);
    const found = await newest(loki, { ...asked, limit, onPage });
    if (request.around === undefined) await show(found);
    else showGroups(await around(loki, found, { ...asked, lines: request.around }), output, colours);
    lines = found.length;
  }
  bar.hide();
  if (signal.aborted) return;
  if (request.stats) print(statsText(answers));
  if (!follow) {
    if (lines === 0) print("no lines; to see what there is: npm run labels");
    if (lines === limit) print(`(the newest ${limit} lines; ask for more with --limit, or for each with --limit all)`);
    return;
  }
  // Lines before the oldest that was printed were left out on purpose.
  const begin = lines === limit && oldest !== undefined ? BigInt(oldest.timestampNs) + 1n : start;
  await tail(loki, {
    query,
    start: lines === 0 ? end : begin,
    handed,
    pageLines,
    signal,
    onNote: print,
    onEntry: (entry) => answer(format(entry, output, colours)),
  });
}

function noteOver(bar: ProgressBar): (text: string) => void {
  return (text) => {
    bar.hide();
    print(text);
  };
}

function showGroups(groups: readonly Nearby[][], output: Output, colours: boolean): void {
  groups.forEach((group, index) => {
    if (index > 0 && output !== "json") answer("--");
    group.forEach((line) => answer(formatNearby(line, output, colours)));
  });
}

/** What the answers cost, for people. Pure. */
export function statsText(answers: readonly QueryStats[]): string {
  const { bytes, cacheAsked, cacheFound, chunks, execSeconds, lines, queueSeconds } = sumOf(answers);
  const times = `${execSeconds.toFixed(2)} s, in the queue ${queueSeconds.toFixed(2)} s (all parts together)`;
  const cache = cacheAsked === 0 ? "" : `, ${cacheFound} of ${cacheAsked} asked of the cache were there`;
  return (
    `Loki read ${lines} lines, ${formatBytes(bytes)}, in ${answers.length === 1 ? "one answer" : `${answers.length} answers`}: ` +
    `${times}; ${chunks} chunks${cache}`
  );
}

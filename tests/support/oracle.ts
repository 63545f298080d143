/**
 * What a load run wrote, and what happened to it. All pure: the writer pods compute the same line from the same
 * numbers.
 */

/** One run of load: `writers` pods, each with lines 1 to `count` (Infinity until that is decided). */
export interface LoadRun {
  /** Unique name; letters and digits. */
  id: string;
  writers: number;
  count: number;
}

/** Missing, repeated and altered lines. Each line is named `writer/sequence`. */
export interface Verdict {
  missing: string[];
  /** Stored more than once. */
  duplicate: string[];
  /** Lines of the run as they were read, if no writer wrote them like that. */
  altered: string[];
}

/** With this modulus and factor, `sequence * factor` is exact both here and in a shell's 64 bits. */
const modulus = 4294967291;
const factor = 48271;
const writerFactor = 7919;

export function checksum(writer: number, sequence: number): number {
  return (sequence * factor + writer * writerFactor) % modulus;
}

/**
 * The line. Its end has characters that a collector may trip over: quotes, a backslash, multi-byte letters, an escape.
 */
export function lineOf(run: string, writer: number, sequence: number): string {
  return `run=${run} writer=${writer} seq=${sequence} sum=${checksum(writer, sequence)} "é\\n" {{x}} ü \t.`;
}

/** File in which a writer finds the number of its last line, once that is decided. */
export const limitFile = "/tmp/limit";

/**
 * A busybox script that writes the lines of one writer at about `linesPerSecond`, then one line that is not counted. It
 * then stays, because a pod that ends could take lines with it that nobody has read yet.
 * @param more what it does after the lines of each tenth of a second
 */
export function writerScript({ id, count }: LoadRun, writer: number, linesPerSecond: number, more = ""): string {
  const burst = Math.max(1, Math.round(linesPerSecond / 10));
  const tail = `"é\\n" {{x}} ü \t.`;
  return `i=0
limit=${Number.isFinite(count) ? count : 1e9}
while [ $i -lt $limit ]; do
  j=0
  while [ $j -lt ${burst} ] && [ $i -lt $limit ]; do
    i=$((i+1)); j=$((j+1))
    printf '%s\\n' 'run=${id} writer=${writer} seq='"$i sum=$(( (i * ${factor} + ${writer * writerFactor}) % ${modulus} ))"' ${tail}'
  done
  ${more}
  sleep 0.1
  ${Number.isFinite(count) ? "" : `[ -e ${limitFile} ] && read -r limit < ${limitFile}`}
done
printf '%s\\n' 'run=${id} writer=${writer} ended'
sleep 36000
`;
}

/** The last line of a writer; it is not counted. */
export function endOf(run: string, writer: number): string {
  return `run=${run} writer=${writer} ended`;
}

/** Compares what a run wrote with the lines read back, in any order. */
export function judge(run: LoadRun, lines: readonly string[]): Verdict {
  const seen = new Map<string, number>();
  const altered: string[] = [];
  for (const line of lines) {
    const [, writer, sequence] = /^run=\w+ writer=(\d+) seq=(\d+) /.exec(line) ?? [];
    const key = `${writer}/${sequence}`;
    const isOurs =
      writer !== undefined && Number(writer) < run.writers && Number(sequence) >= 1 && Number(sequence) <= run.count;
    if (isOurs && line === lineOf(run.id, Number(writer), Number(sequence))) seen.set(key, (seen.get(key) ?? 0) + 1);
    else if (!isEnd(run, line)) altered.push(line);
  }
  const missing: string[] = [];
  for (let writer = 0; writer < run.writers; writer++) {
    for (let sequence = 1; sequence <= run.count; sequence++) {
      if (!seen.has(`${writer}/${sequence}`)) missing.push(`${writer}/${sequence}`);
    }
  }
  return { missing, duplicate: [...seen].filter(([, times]) => times > 1).map(([key]) => key), altered };
}

export function isFaultless({ missing, duplicate, altered }: Verdict): boolean {
  return missing.length + duplicate.length + altered.length === 0;
}

/** The verdict for people: how many, and the first few. */
export function verdictText(run: LoadRun, verdict: Verdict): string {
  const told = Object.entries(verdict).map(
    ([what, lines]: [string, string[]]) =>
      `${lines.length} ${what}${lines.length === 0 ? "" : ` (${lines.slice(0, 5).join("; ")}${lines.length > 5 ? "; …" : ""})`}`,
  );
  return `of ${run.writers * run.count} lines: ${told.join(", ")}`;
}

function isEnd(run: LoadRun, line: string): boolean {
  return Array.from({ length: run.writers }, (_, writer) => endOf(run.id, writer)).includes(line);
}

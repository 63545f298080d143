import type { WriteStream } from "node:tty";

/** Work shorter than this, in milliseconds, needs no bar. */
const patienceMs = 1_000;
const cells = 24;

/** How far long work has come, on the last line of a terminal. Draws nothing elsewhere. */
export class ProgressBar {
  private readonly began = Date.now();
  private drawn = false;

  constructor(private readonly stream: Pick<WriteStream, "isTTY" | "columns" | "write"> = process.stderr) {}

  /** Draws the bar. */
  show(share: number, text: string): void {
    if (!this.stream.isTTY || Date.now() - this.began < patienceMs) return;
    // A terminal that does not know its width says 0.
    const width = this.stream.columns || 80;
    this.stream.write(`\r${barOf(share, text).slice(0, width - 1)}\u001B[K`);
    this.drawn = true;
  }

  /** Makes room for lines of others. */
  hide(): void {
    if (this.drawn) this.stream.write("\r\u001B[K");
    this.drawn = false;
  }
}

/** A bar as text. Pure. */
export function barOf(share: number, text: string): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return `[${"#".repeat(done)}${".".repeat(cells - done)}] ${String(Math.floor(share * 100)).padStart(3)}%  ${text}`;
}

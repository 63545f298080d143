import type { EventContent, StackEvent } from "./events";
import { eventText } from "./eventText";

/** Prints one line for people. */
export type Print = (line: string) => void;

/** Tells what happens to a stack: to people as lines, to programs as events. */
export class Journal {
  private readonly listeners = new Set<(event: StackEvent) => void>();

  constructor(
    private readonly stack: string,
    private readonly toPeople: Print = () => undefined,
  ) {}

  /** Calls `listener` with each event from now on. Returns what ends that. */
  listen(listener: ((event: StackEvent) => void) | undefined): () => void {
    if (listener === undefined) return () => undefined;
    const own = (event: StackEvent) => listener(event); // one function may listen twice
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** Tells an event. */
  readonly emit = (content: EventContent): void => {
    const line = eventText(content);
    if (line !== undefined) this.toPeople(line);
    this.pass(content);
  };

  /** Tells a line, which a program gets as an event too. */
  readonly print: Print = (line) => {
    this.toPeople(line);
    const [, word, text = ""] = /^\s*(?:(warning|note): )?([^]*)$/.exec(line) ?? [];
    this.pass({ type: "log", severity: word === "warning" ? "warning" : "info", text });
  };

  private pass(content: EventContent): void {
    const event: StackEvent = { time: new Date().toISOString(), stack: this.stack, ...content };
    for (const listener of this.listeners) listener(event);
  }
}

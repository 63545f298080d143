import { setTimeout as sleep } from "node:timers/promises";
import { queryRange } from "../../logs/query";
import type { Platform } from "../support/platform";

const everyMs = 1_000;

/** Sends the same small query again and again, and counts the answers. */
export class QueryProbe {
  answered = 0;
  failed = 0;
  private readonly ended = new AbortController();
  private readonly work: Promise<void>;

  constructor(
    private readonly platform: Platform,
    private readonly query: string,
  ) {
    this.work = this.ask();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.work;
  }

  private async ask(): Promise<void> {
    while (!this.ended.signal.aborted) {
      await queryRange(this.platform.loki, { query: this.query, limit: 1, start: new Date(Date.now() - 60_000) }).then(
        () => (this.answered += 1),
        () => (this.failed += 1),
      );
      await sleep(everyMs);
    }
  }
}

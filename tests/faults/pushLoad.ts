import { setTimeout as sleep } from "node:timers/promises";
import { openLoki, type OpenLoki } from "../../logs/access";
import { lineOf, type LoadRun } from "../support/oracle";
import type { Platform } from "../support/platform";

const streams = 4;
const linesPerPush = 10;
const everyMs = 200;
/** How long a client waits for an answer; Alloy's default. */
const timeoutMs = 10_000;
/** How long it waits before it repeats a refused push. */
const retryMs = 500;

/** A client of the push API that repeats each push until Loki acknowledges it, and records the refusals. */
export class PushLoad {
  readonly began = new Date(Date.now() - 5_000);
  readonly run: LoadRun;
  /** Pushes without a 204, by the answer that came instead. */
  readonly refusals = new Map<string, number>();
  acknowledged = 0;
  private stopAt = Infinity;
  private readonly sent = Array.from({ length: streams }, () => 0);
  private readonly work: Promise<void>[];

  private constructor(
    private readonly loki: OpenLoki,
    name: string,
  ) {
    this.run = { id: `${name}${Date.now().toString(36)}`, writers: streams, count: 0 };
    this.work = this.sent.map(async (_, stream) => this.write(stream));
  }

  static async start(platform: Platform, name: string): Promise<PushLoad> {
    return new PushLoad(await openLoki(platform.settings, platform.cluster.kubeConfig), name.replace(/\W/g, ""));
  }

  get refused(): number {
    return [...this.refusals.values()].reduce((sum, count) => sum + count, 0);
  }

  get query(): string {
    return `{job="faults", run="${this.run.id}"}`;
  }

  /** Pushes until all streams have the same length and every line is acknowledged, and ends. */
  async stop(): Promise<void> {
    this.stopAt = Math.max(...this.sent) + linesPerPush;
    await Promise.all(this.work);
    this.run.count = this.stopAt;
    await this.loki.close();
  }

  private async write(stream: number): Promise<void> {
    while (this.sent[stream]! < this.stopAt) {
      const now = BigInt(Date.now()) * 1_000_000n;
      const first = this.sent[stream]! + 1;
      this.sent[stream]! += linesPerPush;
      const values = Array.from({ length: linesPerPush }, (_, index) => [
        String(now + BigInt(index)),
        lineOf(this.run.id, stream, first + index),
      ]);
      const body = JSON.stringify({
        streams: [{ stream: { job: "faults", run: this.run.id, writer: String(stream) }, values }],
      });
      while (!(await this.push(body))) await sleep(retryMs);
      this.acknowledged += linesPerPush;
      await sleep(everyMs);
    }
  }

  private async push(body: string): Promise<boolean> {
    const refusal = await fetch(`${this.loki.url}/loki/api/v1/push`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Scope-OrgID": this.loki.tenant },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    }).then(
      async (response) => {
        const text = await response.text();
        return response.status === 204 ? undefined : `HTTP ${response.status} ${reason(text)}`;
      },
      (error: Error) => (error.name === "TimeoutError" ? "no answer" : "connection lost"),
    );
    if (refusal !== undefined) this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1);
    return refusal === undefined;
  }
}

/** The reason in an answer: the title of an nginx page, and no addresses, so that equal reasons count as one. */
function reason(text: string): string {
  const [, title] = /<title>\d* ?(.*)<\/title>/.exec(text) ?? [];
  return (title ?? text)
    .replace(/\d+(\.\d+){3}:\d+/g, "…")
    .slice(0, 120)
    .trim();
}

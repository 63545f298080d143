import type { EventContent, OperationName } from "../../automation/events";
import { startOperation, type OperationOptions } from "../../automation/startedOperation";
import type { PortalStack } from "../../examples/portal/portal";

/** Stands in for an opened stack: its operations take until `finish` is called, and nothing is behind them. */
export class PortalStackDouble {
  /** Operations that were started. */
  readonly started: OperationName[] = [];
  private readonly endings: ((error?: Error) => void)[] = [];

  constructor(private readonly name: string) {}

  /** Ends the operation at work, with an error if one is given. */
  finish(error?: Error): void {
    this.endings.shift()!(error);
  }

  get stack(): PortalStack {
    const start = (operation: OperationName, options?: OperationOptions) => {
      this.started.push(operation);
      return startOperation(async (given) => this.work(operation, given), options);
    };
    return {
      start: start as PortalStack["start"],
      outputs: () => Promise.resolve({ tenant: "logharbor" }),
      drift: () => Promise.resolve({ version: 1, stack: this.name, objects: [], unchanged: 3, unseen: [] }),
      doctor: () => Promise.resolve({ findings: [], unseen: [], canaries: [], tookMs: 1 }),
      logs: (query, limit) =>
        Promise.resolve([{ timestampNs: "1", line: `${query} ${limit}`, labels: {}, metadata: {} }]),
    };
  }

  private async work(operation: OperationName, { onEvent, signal }: OperationOptions): Promise<object> {
    const emit = (content: EventContent) => onEvent?.({ time: new Date().toISOString(), stack: this.name, ...content });
    emit({ type: "operation", operation, state: "started" });
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
      this.endings.push((error) => (error === undefined ? resolve() : reject(error)));
    });
    emit({ type: "operation", operation, state: "succeeded", changes: { same: 3 } });
    return { changes: { same: 3 } };
  }
}

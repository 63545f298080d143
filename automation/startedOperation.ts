import type { StackEvent } from "./events";

/** Options of one operation. */
export interface OperationOptions {
  /** Cancels this operation, as the stack's own `signal` does. */
  signal?: AbortSignal;
  /** Called with each event of this operation. Default: nobody. */
  onEvent?: (event: StackEvent) => void;
}

/**
 * An operation at work. Each iteration yields its events from the first one on, and ends with the operation; to leave an
 * iteration does not end the operation.
 */
export interface StartedOperation<T> extends AsyncIterable<StackEvent> {
  /** What the operation returns, or rejects with. */
  readonly result: Promise<T>;
  /** Cancels it, as its `signal` does. Steps that run are finished first. */
  cancel(): void;
}

/**
 * Starts an operation.
 * @param run does it
 */
export function startOperation<T>(
  run: (options: OperationOptions) => Promise<T>,
  { signal, onEvent }: OperationOptions = {},
): StartedOperation<T> {
  const own = new AbortController();
  const events: StackEvent[] = [];
  let readers: (() => void)[] = [];
  let over = false;
  const wake = () => {
    for (const reader of readers.splice(0)) reader();
  };
  const result = run({
    signal: signal === undefined ? own.signal : AbortSignal.any([signal, own.signal]),
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
      wake();
    },
  });
  const end = () => {
    over = true;
    wake();
  };
  result.then(end, end); // who reads the events alone learns of a failure from the last one
  return {
    result,
    cancel: () => own.abort(),
    async *[Symbol.asyncIterator]() {
      for (let next = 0; ;) {
        while (next < events.length) yield events[next++]!;
        if (over) return;
        await new Promise<void>((resolve) => {
          readers = [...readers, resolve];
        });
      }
    },
  };
}

/**
 * Waits for an answer, but no longer than until the signal. Only for a question that changes nothing: it goes on, and
 * nobody hears the answer.
 * @throws the signal's reason
 */
export async function unlessAborted<T>(question: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return question();
  signal.throwIfAborted();
  let stop = () => undefined as void;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([question(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

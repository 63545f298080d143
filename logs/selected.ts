/** Streams in a time range. */
export interface Selected {
  /** A stream selector of LogQL, such as `{namespace="default"}`. */
  selector: string;
  /** The first moment, in nanoseconds since 1970. */
  start: bigint;
  /** The first moment after it. */
  end: bigint;
}

/** The range as parameters of Loki's API. */
export function spanParameters({ start, end }: Selected): { start: string; end: string } {
  return { start: String(start), end: String(end) };
}

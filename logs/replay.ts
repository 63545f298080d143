import { rangeResult, type LokiAccess } from "./query";

/** A time during which an alert would have fired. */
export interface Firing {
  /** Labels of the group that raised it. */
  labels: Record<string, string>;
  /** When a notification would have gone out. */
  from: Date;
  /** The last evaluation at which it was still on. */
  to: Date;
}

/** A group's numbers: only those at which the rule's condition holds. */
export interface Series {
  metric: Record<string, string>;
  /** Seconds since 1970, and the number. */
  values: [time: number, value: string][];
}

export interface ReplayArgs {
  /** The rule's query with its threshold. */
  query: string;
  /** Seconds for which the condition must hold. Default: 0. */
  forSeconds?: number;
  /** Seconds between two evaluations. */
  intervalSeconds: number;
  start: Date;
  end: Date;
}

/** Most steps of one query. Loki refuses more than 11,000. */
const mostSteps = 10_000;

/**
 * Evaluates a rule over stored logs: when it would have fired.
 * @throws OperatorError with Loki's own words when it refuses the query.
 */
export async function replay(
  loki: LokiAccess,
  { query, forSeconds = 0, intervalSeconds, start, end }: ReplayArgs,
): Promise<Firing[]> {
  const step = intervalSeconds * 1000;
  const series: Series[] = [];
  for (let from = Math.ceil(start.getTime() / step) * step; from <= end.getTime(); from += mostSteps * step) {
    const to = Math.min(from + (mostSteps - 1) * step, end.getTime());
    const range = { start: `${from}000000`, end: `${to}000000`, step: `${intervalSeconds}s` };
    series.push(...(await rangeResult<Series>(loki, { query, ...range })).result);
  }
  return firingsOf(joined(series), { forSeconds, intervalSeconds });
}

/** When an alert with these numbers fires. A gap ends it, as in Loki. Pure. */
export function firingsOf(
  series: readonly Series[],
  { forSeconds, intervalSeconds }: { forSeconds: number; intervalSeconds: number },
): Firing[] {
  const firings = series.flatMap(({ metric, values }) => {
    const found: Firing[] = [];
    let since = NaN;
    let last = NaN;
    const close = () => {
      if (last - since >= forSeconds)
        found.push({ labels: metric, from: new Date((since + forSeconds) * 1000), to: new Date(last * 1000) });
    };
    for (const [time] of values) {
      if (!(time - last <= intervalSeconds * 1.5)) {
        close();
        since = time;
      }
      last = time;
    }
    close();
    return found;
  });
  return firings.sort((a, b) => a.from.getTime() - b.from.getTime());
}

/** Series with the same labels as one, since a long range is asked for in parts. */
function joined(series: readonly Series[]): Series[] {
  const byLabels = new Map<string, Series>();
  for (const { metric, values } of series) {
    const key = JSON.stringify(Object.entries(metric).sort());
    const known = byLabels.get(key);
    if (known === undefined) byLabels.set(key, { metric, values: [...values] });
    else known.values.push(...values);
  }
  return [...byLabels.values()];
}

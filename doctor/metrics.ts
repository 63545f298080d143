/** One series of a metric. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** What a process said at `/metrics`, by the metric's name. */
export type Metrics = ReadonlyMap<string, readonly Sample[]>;

/** Two looks at the same process, some seconds apart. Without `later`, only one could be taken. */
export interface Watched {
  first: Metrics;
  later?: Metrics;
}

const line = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:\\.|[^"\\])*)"/g;

/** Reads Prometheus' text format. Buckets of histograms are left out: nobody here needs them. Pure. */
export function parseMetrics(text: string): Metrics {
  const found = new Map<string, Sample[]>();
  for (const row of text.split("\n")) {
    const [, name, labels, value] = line.exec(row) ?? [];
    if (name === undefined || name.endsWith("_bucket")) continue;
    const sample = {
      labels: Object.fromEntries(
        [...(labels ?? "").matchAll(label)].map(([, key, text]) => [key!, text!.replaceAll(/\\(.)/g, "$1")]),
      ),
      value: Number(value),
    };
    found.set(name, [...(found.get(name) ?? []), sample]);
  }
  return found;
}

/** The newer of two looks. */
export function latest({ first, later = first }: Watched): Metrics {
  return later;
}

/** Sum over the series of a metric that match. 0 if there is none. */
export function total(metrics: Metrics, name: string, matches: (labels: Sample["labels"]) => boolean = () => true) {
  return (metrics.get(name) ?? []).filter(({ labels }) => matches(labels)).reduce((sum, { value }) => sum + value, 0);
}

/** A counter by the value of a label: its total, and its growth between the two looks. Without zeros. */
export interface Counted {
  key: string;
  total: number;
  /** Undefined if there was only one look. */
  grown?: number;
}

/** A counter of several processes, by the value of a label. Pure. */
export function counted(watched: readonly Watched[], name: string, label: string): Counted[] {
  const keys = new Set(
    watched.flatMap(({ first, later = first }) => (later.get(name) ?? []).map(({ labels }) => labels[label] ?? "")),
  );
  return [...keys].flatMap((key) => {
    const of = (metrics: Metrics) => total(metrics, name, (labels) => (labels[label] ?? "") === key);
    const sum = watched.reduce((before, { first, later = first }) => before + of(later), 0);
    if (sum === 0) return [];
    const pairs = watched.filter(({ later }) => later !== undefined);
    // A process that was restarted between the looks counts from zero.
    const grown = pairs.reduce((before, { first, later }) => {
      const [then, now] = [of(first), of(later!)];
      return before + (now >= then ? now - then : now);
    }, 0);
    return [{ key, total: sum, ...(pairs.length === 0 ? {} : { grown }) }];
  });
}

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Converts a duration such as `90s`, `15m`, `1h30m`, `7d` to milliseconds.
 * @throws RangeError that says how to write one.
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text) {
    throw new RangeError(`"${text}" is not a duration; write for example 90s, 15m, 1h30m or 7d`);
  }
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? NaN), 0);
  if (total <= 0) throw new RangeError(`"${text}" is not longer than zero; write for example 15m`);
  return total;
}

/** "45 s", "3 min 20 s", for people. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** "12 B", "3.4 MiB", for people. */
export function formatBytes(bytes: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), names.length - 1);
  const value = bytes / 2 ** (10 * step);
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${names[step]}`;
}

/** A duration as Prometheus and Loki write it: whole numbers with units, such as `30s`, `5m` or `1h30m`. */
export const durationPattern = /^(\d+(ms|s|m|h|d|w))+$/;

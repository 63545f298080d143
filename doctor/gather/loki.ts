/** The newest time in Loki's answer to a log query; null if it holds no line. Pure. */
export function newestIn(body: string): Date | null {
  const { data } = JSON.parse(body) as { data: { result: { values: [string, string][] }[] } };
  const times = data.result.flatMap(({ values }) => values.map(([nanoseconds]) => Number(nanoseconds.slice(0, -6))));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

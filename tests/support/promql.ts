/** Text of the part of a PromQL query that its grammar does not understand; undefined if it understands all. */
export async function promqlFault(query: string): Promise<string | undefined> {
  const { parser } = await import("@prometheus-io/lezer-promql");
  let fault: string | undefined;
  parser.parse(query).iterate({
    enter: ({ type, from }) => {
      if (type.isError) fault ??= query.slice(from, from + 30) || "its end";
    },
  });
  return fault;
}

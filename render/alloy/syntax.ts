/** A text as a string literal of Alloy's syntax. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A selector of `stage.match` for every stream, with a filter on the line. */
export function withLine(operator: "|=" | "|~", value: string): string {
  return quote(`{namespace!=""} ${operator} ${quote(value)}`);
}

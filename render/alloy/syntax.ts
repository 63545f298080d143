/** A text as a string literal of Alloy's syntax. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

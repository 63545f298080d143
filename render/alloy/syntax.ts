/** A text as Alloy's syntax writes it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

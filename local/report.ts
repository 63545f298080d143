/** Where long work says what it does. */
export interface Progress {
  /** Something begins. */
  step(text: string): void;
  /** What began last has ended. */
  done(text: string): void;
  /** A fact worth a line. */
  note(text: string): void;
}

/** Takes the progress reports of long work. */
export interface Progress {
  /** A step begins. */
  step(text: string): void;
  /** The last step has ended. */
  done(text: string): void;
  /** A fact worth a line of output. */
  note(text: string): void;
}

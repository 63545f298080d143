/** How the lines of a language's stack traces are recognised. Expressions are in RE2's syntax, from a line's start. */
export interface TracePreset {
  /**
   * A line that begins a trace, and belongs to the line before it, if one has just come: loggers write the message
   * first. Undefined if a trace never follows its message.
   */
  header?: string;
  /** A line inside a trace, or at its end. */
  continuation: string;
  /** Whether a blank line belongs to a trace. Default: false. */
  blankLines?: boolean;
}

const pythonError = [
  String.raw`(?:[A-Za-z_]\w*\.)+[A-Z]\w*`,
  String.raw`(?:[A-Z]\w*)?(?:Error|Exception|Warning|Exit|Interrupt|Iteration|Timeout|Group)`,
].join("|");

/** Functions with their arguments, as panics have them; and alone, as loggers and error packages write them. */
const goFunction = [
  String.raw`(?:panic|[\w./~-]*\w\.[\w.(*)\[\]·~-]+)\(.*\)$`,
  String.raw`[\w./~-]*[a-z]\w*\.(?:\(\*?\w+\)\.)?[A-Za-z]\w*(?:\.func\d+|\.\d+)*$`,
].join("|");

export const tracePresets = {
  java: {
    header: String.raw`(?:[a-z_][\w$]*\.)+[\w$.]*(?:Exception|Error|Throwable|Failure|ThreadDeath)\b`,
    continuation: String.raw`\s+\S|Caused by: |Suppressed: |Wrapped by: |\.\.\. \d+ `,
  },
  python: {
    header: String.raw`Traceback \(most recent call last\):`,
    blankLines: true,
    continuation: String.raw`\s|During handling of the above exception|The above exception was the direct|(?:${pythonError})(?:: |:?$)`,
  },
  go: {
    blankLines: true,
    continuation:
      String.raw`\s|goroutine \d+ |created by |exit status \d|\[signal |runtime stack:|\.\.\.|` +
      String.raw`r\w+ +0x|[cfg]s +0x|${goFunction}`,
  },
  dotnet: {
    header: String.raw`(?:[A-Z]\w*\.)+\w*(?:Exception|Error)(?: \(0x[0-9A-F]+\))?:`,
    continuation: String.raw`\s|--->|--- End of `,
  },
  node: {
    header: String.raw`(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?(?::|$)|\[UnhandledPromiseRejection`,
    blankLines: true,
    continuation: String.raw`\s|[}\]]|Node\.js v`,
  },
} as const satisfies Record<string, TracePreset>;

export type TracePresetName = keyof typeof tracePresets;

export const tracePresetNames = Object.keys(tracePresets) as [TracePresetName, ...TracePresetName[]];

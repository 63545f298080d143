import type { Fault } from "./fault";
import type { Settings } from "./settings";

/** Periods that contradict each other. Each is a rule of its own. */
export const retentionRules = [hotTier, deleteDelay, selectors, streams];

/** One matcher of a stream selector; a quote inside its value is escaped. */
const matcher = String.raw`\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)\s*("([^"\\]|\\.)*"|` + "`[^`]*`" + String.raw`)\s*`;
const selector = new RegExp(`^\\{${matcher}(,${matcher})*\\}$`);

function hotTier({ retention }: Settings): Fault[] {
  if (retention.hotDays <= retention.warmDays) return [];
  return [{ key: "retention.hotDays", problem: `is ${retention.hotDays}, beyond the ${retention.warmDays} days that logs are kept`, remedy: `write at most ${retention.warmDays}` }];
}

function deleteDelay({ retention }: Settings): Fault[] {
  if (retention.deleteDelayHours < retention.warmDays * 24) return [];
  return [{ key: "retention.deleteDelayHours", problem: "is longer than the retention itself", remedy: `write less than ${retention.warmDays * 24}` }];
}

/** Loki would not start with a selector that it can't parse. */
function selectors({ retention }: Settings): Fault[] {
  return retention.streams.flatMap((stream, index) =>
    selector.test(stream.selector) ? [] : [{ key: `retention.streams[${index}].selector`, problem: `is ${stream.selector}, which is no stream selector`, remedy: 'write label matchers between braces, such as {namespace="dev", app=~"web.*"}' }],
  );
}

function streams({ retention }: Settings): Fault[] {
  return retention.streams.flatMap((stream, index): Fault[] => {
    const others = retention.streams.slice(0, index);
    const same = others.findIndex((other) => other.selector === stream.selector);
    if (same >= 0) return [{ key: `retention.streams[${index}].selector`, problem: `is that of retention.streams[${same}] too`, remedy: "give each selector once" }];
    const equal = others.findIndex((other) => other.priority === stream.priority && other.days !== stream.days);
    if (equal < 0) return [];
    return [{ key: `retention.streams[${index}].priority`, problem: `is ${stream.priority}, as that of retention.streams[${equal}]: which holds for a stream that matches both is left open`, remedy: "give each a priority of its own" }];
  });
}

import { RE2JS } from "re2js";

/* Regular expressions as Alloy reads them: RE2, without backreferences and look-around. */

/** Why an expression does not compile, in RE2's words; undefined if it does. */
export function faultOf(expression: string): string | undefined {
  try {
    RE2JS.compile(expression);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, "");
  }
}

/** Whether a valid expression matches somewhere in a text. */
export function finds(expression: string, text: string): boolean {
  return RE2JS.compile(expression).matcher(text).find();
}

/** Whether an expression compiles and matches the empty text, and with it every line. */
export function matchesAll(expression: string): boolean {
  return faultOf(expression) === undefined && finds(expression, "");
}

/** Number of groups that a valid expression captures. */
export function groupsIn(expression: string): number {
  return RE2JS.compile(expression).groupCount();
}

/** Names of the groups of a valid expression. */
export function groupNamesIn(expression: string): string[] {
  return Object.keys(RE2JS.compile(expression).namedGroups());
}

import assert from "node:assert/strict";
import type { Facts, Home } from "../../doctor/facts";
import type { Check, Place, Severity } from "../../doctor/finding";
import { judge } from "../../doctor/judge";
import type { Part } from "../../domain/parts";
import { healthyFacts } from "./healthyFacts";

/** Facts with another home of a part. */

/** Facts with another home of a part. */
export function withHome(part: Part, change: (home: Home) => Partial<Home>): (facts: Facts) => Facts {
  return (facts) => {
    const home = facts.homes[part]!;
    return { ...facts, homes: { ...facts.homes, [part]: { ...home, ...change(home) } } };
  };
}

/** One fault: how the facts show it, and what doctor has to say of it. */
export type Fault = [
  title: string,
  change: (facts: Facts) => Facts,
  part: Place,
  check: Check,
  severity: Severity,
  words: RegExp,
];

/** Each fault has exactly one finding, with everything that an operator needs. */
export function judgesEach(faults: readonly Fault[]): void {
  for (const [title, change, part, check, severity, words] of faults) {
    it(`names ${title}, and nothing else`, () => {
      const found = judge(change(healthyFacts()));
      assert.deepEqual(
        found.map((finding) => [finding.part, finding.check, finding.severity]),
        [[part, check, severity]],
      );
      assert.match(found[0]!.problem, words);
      assert.ok(found[0]!.evidence.length > 0 && found[0]!.meaning !== "" && found[0]!.remedy !== "");
    });
  }
}

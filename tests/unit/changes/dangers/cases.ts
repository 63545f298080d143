import assert from "node:assert/strict";

import { dangersOf } from "../../../../changes/dangers/dangers";
import type { Existing } from "../../../../changes/dangers/existing";
import type { Profile } from "../../../../config/settings";
import type { Danger, DangerName } from "../../../../domain/danger";
import { existingOf } from "../../../support/existing";
import { settingsFor, type Overrides } from "../../../support/stack";

/** The modules of changes/dangers that judge. */
type Noun =
  "grafana" | "minio" | "namespaces" | "objectStore" | "retention" | "rotation" | "topology" | "versions" | "volumes";

/** The module of each danger that can be allowed, which has a case of it; without both, a new one does not pass. */
const nounOf: Record<DangerName, Noun> = {
  "retention-cut": "retention",
  "schema-edited": "retention",
  "bucket-replaced": "minio",
  "namespace-moved": "namespaces",
  "minio-replaced": "minio",
  "tier-changed": "minio",
  "object-store-change": "objectStore",
  "minio-removed": "objectStore",
  "topology-change": "topology",
  "ingesters-removed": "topology",
  "chart-major-upgrade": "versions",
  "loki-downgrade": "versions",
  "data-unprotected": "minio",
  "passwords-swapped": "rotation",
  "grafana-volume-removed": "grafana",
};

/** A change that is dangerous. */
interface Case {
  title: string;
  /** Default: dev. */
  profile?: Profile;
  /** Settings in force. Default: those of the profile. */
  before?: Overrides;
  /** Settings to come. */
  after: Overrides;
  /** What else is so in the cluster. */
  but?: (existing: Existing) => void;
  key: string;
  says: RegExp;
  remedy: RegExp;
  /** The name that lets it pass. Default: nothing lets it pass. */
  allow?: DangerName;
}

type Harmless = [title: string, profile: Profile, before: Overrides, after: Overrides];

export const today = "2026-03-10";

/** A period of Loki's schema. */
export const period = (from: string, indexPrefix = "loki_index_") => ({ from, schema: "v13", indexPrefix });

/** The period of the defaults. */
export const old = period("2024-04-01");

/** The dangers of a change of settings. */
export function dangersIn(profile: Profile, before: Overrides, after: Overrides, but?: Case["but"]): Danger[] {
  const existing = existingOf(settingsFor(profile, before));
  but?.(existing);
  return dangersOf(existing, settingsFor(profile, after), today);
}

export function describeDangers(noun: Noun, { cases, harmless }: { cases: Case[]; harmless: Harmless[] }): void {
  describe(`dangers of ${noun}`, () => {
    for (const { title, profile = "dev", before = {}, after, but, key, says, remedy, allow } of cases) {
      it(`${title}: ${allow ?? "refused in any case"}`, () => {
        const dangers = dangersIn(profile, before, after, but);
        assert.deepEqual(
          dangers.map((danger) => danger.key),
          [key],
        );
        assert.match(dangers[0]!.problem, says);
        assert.match(dangers[0]!.remedy, remedy);
        assert.equal(dangers[0]!.allow, allow);
      });
    }

    for (const [title, profile, before, after] of harmless)
      it(`none: ${title}`, () => assert.deepEqual(dangersIn(profile, before, after), []));

    it("has a case for each that can be allowed", () => {
      const own = Object.entries(nounOf).flatMap(([name, its]) => (its === noun ? [name] : []));
      assert.deepEqual([...new Set(cases.flatMap(({ allow }) => allow ?? []))].sort(), own.sort());
    });
  });
}

import assert from "node:assert/strict";

import type { StoreFacts } from "../../../../cluster/storeTrial";
import type { Facts } from "../../../../doctor/facts";
import { judge } from "../../../../doctor/judge";
import { judgesEach, withHome, type Fault } from "../../../support/faultFacts";
import { at, healthyFacts } from "../../../support/healthyFacts";
import { someStore } from "../../../support/stack";

const trial = (list: string): StoreFacts => ({
  missing: [],
  badKeys: [],
  trials: [{ bucket: "our-logs", versioned: false, answers: { list: { code: list } } }],
});

/** A stack without MinIO, whose store gave this answer. */
const stored = (list = "ok", more: Partial<StoreFacts> = {}): Facts => ({
  ...healthyFacts({ objectStore: someStore }),
  minios: [],
  store: { existing: { ...trial(list), ...more } },
});

/** The same, in which Loki said something a minute ago. */
const said = (words: string, minutes = 1) =>
  withHome("loki", () => ({
    logs: new Map([
      ["loki-0/loki", `level=error ts=${new Date(at.getTime() - minutes * 60_000).toISOString()} ${words}`],
    ]),
  }));
const failed = (operation: string, how: string) =>
  `err="failed to flush: operation error S3: ${operation}, https response error StatusCode: 403, ${how}"`;

describe("doctor's judgement of an object store that is there already", () => {
  it("finds nothing where it answers", () => assert.deepEqual(judge(stored()), []));

  judgesEach([
    [
      "a bucket that is gone",
      () => stored("NoSuchBucket"),
      "object-store",
      "bucket",
      "error",
      /our-logs does not exist/,
    ],
    ["a key that is wrong", () => stored("InvalidAccessKeyId"), "loki", "store-login", "error", /refuses the keys/],
    ["a certificate", () => stored("CERT_HAS_EXPIRED"), "object-store", "store-unreachable", "error", /not trusted/],
    [
      "a Secret that is gone",
      () => stored("ok", { trials: [], missing: ["log-store"] }),
      "loki",
      "secret",
      "error",
      /Secret log-store/,
    ],
    ...(
      [
        [failed("PutObject", "api error AccessDenied: Access Denied."), "loki", "store-login", /do PutObject/],
        [failed("PutObject", 'request send failed, Put "http://'), "object-store", "store-unreachable", /do not reach/],
        [failed("GetObject", "api error NoSuchBucket: gone"), "object-store", "bucket", /does not have Loki's bucket/],
        [failed("PutObject", "api error SlowDown: slower"), "object-store", "store-unreachable", /SlowDown/],
      ] as const
    ).map(([words, part, check, says]): Fault => [
      `what Loki says: ${words.slice(0, 90)}`,
      () => said(words)(stored("ENOTFOUND")),
      part,
      check,
      "error",
      says,
    ]),
  ]);

  it("leaves out what Loki said before its last tries", () => {
    const words = failed("PutObject", "api error AccessDenied: Access Denied.");
    assert.deepEqual(judge(said(words, 9)(stored())), []);
  });

  it("has a store that is away explain pods of Loki that end", () => {
    const facts = stored("CERT_HAS_EXPIRED");
    const findings = judge({ ...facts, lokis: [{ pod: "loki-0", silent: "nothing listens on its port" }] });
    assert.deepEqual(
      findings.map(({ check, followsFrom }) => [check, followsFrom?.check]),
      [
        ["store-unreachable", undefined],
        ["loki-ready", "store-unreachable"],
      ],
    );
  });
});

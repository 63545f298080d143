import assert from "node:assert/strict";

import { storeFindings, storeNotes } from "../../../cluster/storeFindings";
import type { StoreAnswer, StoreFacts, StoreRight } from "../../../cluster/storeTrial";
import { settingsFor, someStore } from "../../support/stack";

type Answers = Partial<Record<StoreRight, string | StoreAnswer>>;
const fine: Answers = { list: "ok", get: "ok", put: "ok", delete: "ok" };
const settings = settingsFor("dev", { objectStore: someStore });

/** What was found where the store gave these answers. */
const found = (answers: Answers, more: Partial<StoreFacts> = {}): StoreFacts => ({
  missing: [],
  badKeys: [],
  trials: [
    {
      bucket: "our-logs",
      versioned: false,
      answers: Object.fromEntries(
        Object.entries(answers).map(([right, answer]) => [
          right,
          typeof answer === "string" ? { code: answer } : answer,
        ]),
      ),
    },
  ],
  ...more,
});

describe("what preflight says of an object store", () => {
  it("finds nothing where all four rights work, and says so", () => {
    assert.deepEqual(storeFindings(found(fine), settings), []);
    assert.deepEqual(storeNotes(found(fine), settings), [
      "object store https://s3.example.com:9443: list, get, put and delete work in our-logs",
    ]);
  });

  const actions = { list: "ListBucket", get: "GetObject", put: "PutObject", delete: "DeleteObject" } as const;
  for (const [right, action] of Object.entries(actions))
    it(`names the missing right ${right} alone, with the policy to give`, () => {
      const [finding, ...others] = storeFindings(found({ ...fine, [right]: "AccessDenied" }), settings);
      assert.equal(others.length, 0);
      assert.equal(
        finding!.problem,
        `the user in Secret logharbor-loki/log-store may not ${right} in bucket our-logs: it lacks s3:${action}`,
      );
      assert.match(String(finding!.remedy), /"arn:aws:s3:::our-logs\/\*"/);
    });

  const cases: [title: string, facts: StoreFacts, fault: string, problem: RegExp, remedy: RegExp][] = [
    [
      "no right at all, which may be a bucket of somebody else",
      found({ list: "AccessDenied", delete: "AccessDenied" }),
      "login",
      /may not list, delete .* somebody else's, looks the same$/,
      /policy/,
    ],
    ["a bucket that is gone", found({ list: "NoSuchBucket" }), "bucket", /bucket our-logs does not exist/, /make it/],
    [
      "another region",
      found({ list: { code: "AuthorizationHeaderMalformed", says: "wrong", region: "eu-west-1" } }),
      "login",
      /not in region eu-central-1/,
      /logharbor:objectStore\.region eu-west-1/,
    ],
    [
      "an unknown key",
      found({ list: "InvalidAccessKeyId" }),
      "login",
      /refuses the keys in Secret/,
      /put the right ones in/,
    ],
    ["a wrong key", found({ list: "SignatureDoesNotMatch" }), "login", /refuses the keys/, /S3_SECRET_ACCESS_KEY/],
    [
      "a certificate that nobody trusts",
      found({ list: { code: "SELF_SIGNED_CERT_IN_CHAIN", says: "self-signed" } }),
      "way",
      /is not trusted: self-signed \(SELF_SIGNED/,
      /into Secret logharbor-loki\/log-store-ca, key ca\.crt/,
    ],
    ["a port without TLS", found({ list: { code: "EPROTO", says: "SSL" } }), "way", /does not speak TLS/, /http:\/\//],
    [
      "something that is no store",
      found({ list: { code: "no answer" } }),
      "way",
      /does not answer as an S3 store does when Loki's user wants to list/,
      /scheme, host and port/,
    ],
    [
      "a line break behind a key",
      found({}, { trials: [], badKeys: ["log-store/S3_SECRET_ACCESS_KEY"] }),
      "login",
      /line breaks at their ends: log-store\/S3_SECRET_ACCESS_KEY/,
      /create secret generic log-store/,
    ],
    [
      "a Service whose pods have a port of their own",
      found(fine, { service: "rook/rgw", podPort: 8080 }),
      "way",
      /pods of Service rook\/rgw listen on port 8080/,
      /logharbor:objectStore\.ports\[0\] 8080/,
    ],
  ];
  for (const [title, facts, fault, problem, remedy] of cases)
    it(`names ${title}`, () => {
      const [finding, ...others] = storeFindings(facts, settings);
      assert.equal(others.length, 0);
      assert.equal(finding!.fault, fault);
      assert.match(finding!.problem, problem);
      assert.match([finding!.remedy].flat().join(), remedy);
    });

  const notes: [title: string, facts: StoreFacts, note: RegExp][] = [
    [
      "a store that this machine does not reach",
      found({ list: "ENOTFOUND" }),
      /can't be reached from this machine \(ENOTFOUND\)/,
    ],
    ["an identity", found({}, { trials: [], untried: "identity" }), /names no eks\.amazonaws\.com\/role-arn/],
    ["Secrets that we may not read", found({}, { trials: [], untried: "not seen" }), /may not read Secrets/],
    [
      "a Service without pods",
      found({}, { trials: [], service: "rook/rgw", untried: "no pod" }),
      /Service rook\/rgw does not exist, or has no ready pod/,
    ],
    [
      "a Secret to come",
      found({}, { trials: [], missing: ["log-store"] }),
      /does not exist yet; up waits .*in the environment/,
    ],
  ];
  for (const [title, facts, note] of notes)
    it(`has a note, and no finding, of ${title}`, () => {
      assert.deepEqual(storeFindings(facts, settings), []);
      const [only, ...others] = storeNotes(facts, settings);
      assert.equal(others.length, 0);
      assert.match(only!, note);
    });

  it("warns of a bucket that keeps versions, and of an own object that stays there", () => {
    const facts = found(fine);
    Object.assign(facts.trials[0]!, { versioned: true, left: "logharbor-preflight-1" });
    assert.match(storeNotes(facts, settings)[1]!, /keeps versions.*own object logharbor-preflight-1$/);
    assert.deepEqual(storeFindings(facts, settings), []);
  });
});

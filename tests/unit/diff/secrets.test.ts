import assert from "node:assert/strict";
import { jsonText } from "../../../diff/format/json";
import { markdownText } from "../../../diff/format/markdown";
import { terminalText } from "../../../diff/format/terminal";
import { maskedReport } from "../../../diff/gather/masking";
import { Sealed, type Open } from "../../../diff/sealed";
import type { Report } from "../../../diff/report";
import type { Thing } from "../../../diff/thing";
import { OperatorError } from "../../../domain/problem";

type Side = "old" | "now";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const pem = (body: string) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`;

const thing = (kind: string, content: { [key: string]: Open }, more: Partial<Thing> = {}): Thing => ({
  maker: "release loki",
  kind,
  name: "object",
  namespace: "loki",
  content: { kind, ...content },
  ...more,
});
const secret = (data: Open, more: Partial<Thing> = {}) => thing("Secret", { data }, { name: "own", ...more });
const text = (value: string) => thing("ConfigMap", { data: { "file.conf": `first line\n${value}\nlast line\n` } });
const pod = (container: { [key: string]: Open }) =>
  thing("StatefulSet", { spec: { template: { spec: { containers: [{ name: "loki", ...container }] } } } });
/** A Secret of the stack that holds it, and an object that has it too. */
const known = (value: string, ...things: Thing[]) => [
  secret({ key: base64(value) }, { maker: "stack", name: "known" }),
  ...things,
];

/**
 * Where a secret is planted, and how long it is. The value is made up and says nothing; `Sealed` is what Pulumi calls
 * secret. Each also changes from one side to the other.
 */
const planted: [title: string, things: (value: string) => Thing[], make?: (side: Side) => string][] = [
  ["a value of a chart's Secret", (s) => [secret({ key: base64(s) })]],
  ["a short one", (s) => [secret({ key: base64(s) })], (side) => `pw${side}`],
  ["a value in clear in stringData", (s) => [thing("Secret", { stringData: { key: s } })]],
  ["a sealed value of the stack's Secret", (s) => [thing("Secret", { stringData: new Sealed({ key: s }) })]],
  ["a sealed data of a state", (s) => [thing("Secret", { data: new Sealed({ key: base64(s) }) })]],
  ["a user's secret in MinIO", (s) => [thing("IamUser", { secret: new Sealed(s) }, { maker: "MinIO" })]],
  ["a sealed value in a ConfigMap", (s) => [thing("ConfigMap", { data: { key: new Sealed(s) } })]],
  ["a known one in a ConfigMap's text", (s) => known(s, text(`  option ${s};`))],
  ["a known one in an argument", (s) => known(s, pod({ args: [`-store=${s}@minio`] }))],
  ["a known one in an environment variable", (s) => known(s, pod({ env: [{ name: "PLAIN", value: s }] }))],
  [
    "a known one in an annotation",
    (s) => known(s, thing("Service", { metadata: { annotations: { note: `x-${s}-y` } } })),
  ],
  ["a known one as a key", (s) => known(s, thing("ConfigMap", { data: { [s]: "x" } }))],
  ["a known one as the name of an object", (s) => known(s, thing("Service", {}, { name: `x-${s}` }))],
  ["a known one in base64", (s) => known(s, text(`auth ${base64(s)}`))],
  ["a known one in base64 with its user", (s) => known(s, text(`auth ${base64(`user:${s}`)}`))],
  ["a known one in base64, behind another user", (s) => known(s, text(`auth ${base64(`users:${s}:x`)}`))],
  ["a known one in hex", (s) => known(s, text(`key ${Buffer.from(s).toString("hex")}`))],
  ["a known one in an address", (s) => known(s, text(`url ${encodeURIComponent(s)}`)), (side) => `p@ss/${side}+word1`],
  ["a known one in JSON", (s) => known(s, text(JSON.stringify({ a: s }))), (side) => `quo"ted\\${side}-word`],
  ["a known short one that stands alone", (s) => known(s, text(`login me ${s}`)), (side) => `h${side}2`],
  ["a line of a known text", (s) => known(`a: 1\nsecond-${s}\n`, text(`    second-${s}`))],
  ["a value in a known text", (s) => known(`user: me\nentry: ${s}\n`, text(`    other ${s}`))],
  ["an unknown one, named as an environment variable", (s) => [pod({ env: [{ name: "MY_PASSWORD", value: s }] })]],
  ["an unknown one in an argument of its name", (s) => [pod({ args: [`--admin-password=${s}`] })]],
  ["an unknown one after an argument of its name", (s) => [pod({ args: ["--password", s] })]],
  ["an unknown one in a field of its name", (s) => [thing("Thing", { spec: { apiKey: s } })]],
  ["an unknown one in YAML", (s) => [text(`  password: ${s}`)]],
  ["an unknown one in an address", (s) => [text(`http://user:${s}@minio:9000`)]],
  ["an unknown private key", (s) => [text(pem(s))]],
  ["an unknown private key in one line", (s) => [thing("ConfigMap", { data: { key: JSON.stringify(pem(s)) } })]],
  ["an unknown bearer token", (s) => [text(`Authorization: Bearer ${s}`)]],
  [
    "an unknown generated password",
    (s) => [text(`hash ${s}`)],
    (side) => `${side}aB3dE5gH7jK9mN2pQ4rS6tU8vW1xY3zA5bC7`,
  ],
  [
    "one in what kubectl applied last",
    (s) => [
      thing("Service", {
        metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"a":"${s}"}` } },
      }),
    ],
  ],
];

const valueOf = (index: number, side: Side, make?: (side: Side) => string) =>
  make?.(side) ?? `planted-${side}-${index}-Zq7`;

const reportFor = async (old: Thing[], now: Thing[]): Promise<Report> =>
  maskedReport(() =>
    Promise.resolve({
      stack: "s",
      before: "a",
      after: "b",
      old,
      now,
      danger: { found: [], allow: [] },
      policies: [],
      notes: [],
    }),
  );

const formats: [name: string, write: (report: Report) => string][] = [
  ["terminal", (report) => terminalText(report, { colours: true })],
  ["markdown", markdownText],
  ["json", jsonText],
];

describe("secrets in a difference", () => {
  it("are planted in more than thirty places", () => assert.ok(planted.length >= 30, String(planted.length)));

  for (const [index, [title, things, make]] of planted.entries()) {
    it(`stay secret, and a change is seen: ${title}`, async () => {
      const [was, is] = [valueOf(index, "old", make), valueOf(index, "now", make)];
      const report = await reportFor(things(was), things(is));
      assert.ok(report.objects.length > 0, "the change is not seen");
      const whole = await reportFor([], things(is));
      for (const [format, write] of formats)
        for (const [value, written] of [
          [was, write(report)],
          [is, write(report)],
          [is, write(whole)],
        ] as const) {
          for (const form of [value, base64(value), JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])
            assert.ok(!written.includes(form), `${format}: ${written}`);
          for (const [encoded] of written.matchAll(/[A-Za-z0-9+/]{8,}=*/g))
            assert.ok(
              !Buffer.from(encoded, "base64").toString("latin1").includes(value),
              `${format}: in base64: ${encoded}`,
            );
          assert.doesNotMatch(written, /[\uE000\uE001]/, "a hash");
        }
      const same = await reportFor(things(was), things(was));
      assert.deepEqual(same.objects, []);
    });
  }

  it("all together give the same bytes twice, though the key is another", async () => {
    const all = (side: Side) =>
      planted.flatMap(([, things, make], index) =>
        things(valueOf(index, side, make)).map((one) => ({ ...one, name: `${one.name}-${index}` })),
      );
    const written = async () => {
      const report = await reportFor(all("old"), all("now"));
      return formats.map(([, write]) => write(report));
    };
    const [first, second] = [await written(), await written()];
    assert.deepEqual(first, second);
    for (const [index, [title, , make]] of planted.entries())
      for (const text of first) assert.ok(!text.includes(valueOf(index, "now", make)), title);
  });

  it("are not in an error", async () => {
    const failing = (error: Error) =>
      maskedReport((mask) => {
        mask.learn([secret({ key: base64("planted-in-error") })]);
        throw error;
      });
    await assert.rejects(failing(new OperatorError("does not render: planted-in-error", "mend it")), (error: Error) => {
      assert.equal(error.message, "does not render: [secret]\n  -> mend it");
      assert.equal(error.cause, undefined);
      return error instanceof OperatorError;
    });
    await assert.rejects(failing(new TypeError("planted-in-error")), ({ message, stack }: Error) => {
      assert.doesNotMatch(message + stack, /planted-in-error/);
      return true;
    });
  });

  it("leave the rest readable: references, configuration of Loki, names of Secrets, checksums of images", async () => {
    const config = "storage:\n  secret_access_key: ${S3_SECRET_ACCESS_KEY}\n  retention: RETENTION\n";
    const loki = (days: string) =>
      secret({ "config.yaml": base64(config.replace("RETENTION", days)) }, { name: "loki" });
    const plain = (tag: string) => [
      pod({
        image: `loki@sha256:${"ab12".repeat(16)}${tag}`,
        envFrom: [{ secretRef: { name: `loki-object-store${tag}` } }],
        env: [{ name: "PASSWORD", value: "$(OTHER)" }],
      }),
    ];
    const written = jsonText(await reportFor([loki("24h"), ...plain("a")], [loki("48h"), ...plain("b")]));
    assert.match(written, /- {2}retention: 24h/);
    assert.match(written, /secret_access_key: \$\{S3_SECRET_ACCESS_KEY\}/);
    assert.match(written, /loki-object-storeb/);
    assert.match(written, /ab12b"/);
    assert.doesNotMatch(written, /\[secret\]/);
  });

  it("are not user names: they are hidden in the Secret, and readable where they name an object", async () => {
    const user = (name: string) => [
      secret({ S3_ACCESS_KEY_ID: base64(name), password: base64("planted-for-user") }),
      thing("IamUser", { name }, { maker: "MinIO", name }),
    ];
    const written = jsonText(await reportFor([], user("loki-second-user")));
    assert.match(written, /"name": "loki-second-user"/);
    assert.match(written, /\+ {2}S3_ACCESS_KEY_ID: \[secret\]/);
  });

  it("of a Secret are told by their keys: the one that changed, and no other", async () => {
    const of = (one: string) => [secret({ same: base64("stays-the-same"), one: base64(one) })];
    const { objects } = await reportFor(of("was-this-one"), of("is-that-one"));
    assert.deepEqual(
      objects.map(({ fields }) => fields),
      [[{ path: "data.one", change: "changed", before: "[secret]", after: "[new secret]" }]],
    );
  });
});

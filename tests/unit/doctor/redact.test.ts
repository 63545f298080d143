import assert from "node:assert/strict";
import { mask, redacted } from "../../../doctor/redact";

// Made up, and put together here so that no scanner takes this file for a leak.
const x = (length: number, alphabet = "aB3dE5gH7jK9mN2pQ4") => alphabet.repeat(9).slice(0, length);
const planted: [title: string, line: (secret: string) => string, secret: string][] = [
  ["a generated password", (s) => `login failed for logharbor with ${s} from 10.0.0.1`, x(40)],
  ["password=", (s) => `level=info password=${s} user=a`, "Zirkus-17"],
  ["JSON password", (s) => `{"user":"a","password":"${s}","n":1}`, 'quo\\"ted pass'],
  ["YAML password", (s) => `password: ${s}`, "hunter2"],
  ["environment", (s) => `MINIO_ROOT_PASSWORD=${s} minio server`, "short1"],
  ["S3 secret key", (s) => `S3_SECRET_ACCESS_KEY: "${s}"`, "abc/def+ghi"],
  ["S3 access key id", (s) => `access_key_id=${s}`, "lokiuser"],
  ["AWS key", (s) => `found ${s} in request`, `AKIA${x(16, "ABCD1234")}`],
  ["URL with login", (s) => `connecting to postgres://app:${s}@db:5432/x`, "pgsecret"],
  ["bearer", (s) => `header Bearer ${s} sent`, x(24)],
  ["authorization header", (s) => `Authorization: Basic ${s}`, "dXNlcjpwYXNz"],
  ["cookie", (s) => `Cookie: grafana_session=${s}; theme=dark`, x(20)],
  ["JWT", (s) => `token is ${s}.`, `eyJhbGciOiJI.eyJzdWIiOiIx.${x(20)}`],
  ["private key", (s) => `-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----`, "MIIEvQ\nIBADAN"],
  ["EC private key", (s) => `-----BEGIN EC PRIVATE KEY-----\n${s}`, "MHcCAQEE\nIIs"],
  ["GitHub", (s) => `using ${s}`, `ghp_${x(36)}`],
  ["GitHub fine-grained", (s) => `using ${s}`, `github_pat_${x(22)}_${x(20)}`],
  ["GitLab", (s) => `using ${s}`, `glpat-${x(20)}`],
  ["Slack token", (s) => `using ${s}`, `xoxb-1234567890-${x(24)}`],
  ["Slack webhook", (s) => `POST https://hooks.slack.com/services/${s} 200`, `T000/B000/${x(24)}`],
  ["Stripe", (s) => `using ${s}`, `sk_live_${x(24)}`],
  ["Google", (s) => `using ${s}`, `AIza${x(35)}`],
  ["npm", (s) => `using ${s}`, `npm_${x(36)}`],
  ["SendGrid", (s) => `using ${s}`, `SG.${x(22)}.${x(43)}`],
  ["Vault", (s) => `using ${s}`, `hvs.${x(24)}`],
  ["Grafana service account", (s) => `using ${s}`, `glsa_${x(32)}_1a2b3c4d`],
  ["Telegram", (s) => `bot ${s} started`, `123456789:${x(35)}`],
  ["Azure", (s) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${s};EndpointSuffix=core`, `${x(20)}==`],
  ["PagerDuty", (s) => `routing_key: '${s}'`, x(16)],
  ["htpasswd, SHA", (s) => `logharbor:{SHA}${s}`, "W6ph5Mm5Pz8GgiULbPgzG37mj9g="],
  ["htpasswd, bcrypt", (s) => `admin:$2y$05$${s}`, "abcdefghijklmnopqrstuv"],
  ["signed URL", (s) => `GET /b/o?X-Amz-Signature=${s}&X-Amz-Date=1`, "deadbeef"],
  ["docker login", (s) => `{"auths":{"r.example.com":{"auth":"${s}"}}}`, "dTpw"],
  ["escaped JSON in a log line", (s) => `msg="{\\"token\\":\\"${s}\\"}"`, "t0psecret"],
  ["OpenAI-like", (s) => `using ${s}`, `sk-${x(40)}`],
];

describe("redaction", () => {
  assert.ok(planted.length >= 30);
  for (const [title, line, secret] of planted) {
    it(`takes out: ${title}`, () => {
      const text = redacted(line(secret));
      assert.ok(text.includes(mask), text);
      for (const piece of secret.split("\n")) assert.ok(!text.includes(piece), text);
    });
  }

  it("leaves what an operator needs", () => {
    const lines = [
      'level=error ts=2026-11-25T23:05:31Z caller=flush.go:261 msg="failed to flush" err="no such host" retries=3',
      "pod loki-write-0 in namespace logharbor-loki: container loki is in ImagePullBackOff",
      "docker.io/grafana/loki:3.7.6@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "/var/log/pods/default_web-6d59bcbbd-nr2ln_69a51bcb-2c89-4293-b951-234729013aff/shop/0.log",
      "loki_write_dropped_entries_total 5",
    ];
    for (const line of lines) assert.equal(redacted(line), line);
  });
});

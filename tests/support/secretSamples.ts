import type { SecretKindName } from "../../domain/secretKinds";
import { random } from "./random";

/** A made-up secret in a line. */
export interface SecretSample {
  kind: SecretKindName;
  secret: string;
  line: string;
}

const { chars, pick } = random(20_261_126);

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const base62 = letters + digits;
const url64 = `${base62}-_`;
const base64 = `${base62}+/`;
const upper32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A token that has a digit early, as all but a few random ones have. */
const token = (length: number, of = url64) => `a7${chars(of, length - 2)}`;
const encoded = (text: string) => Buffer.from(text).toString("base64");
const jwt = () =>
  [
    { alg: "RS256", kid: chars(base62, 8) },
    { sub: chars(digits, 9), exp: 1_795_680_000 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .concat(chars(url64, 86))
    .join(".");

/** Text that no scanner of this repository takes for the real thing. */
const joined = (...parts: string[]) => parts.join("");

/** A key in PEM, with line breaks as given. */
export function pemKey(by: string, type = pick(["RSA ", "EC ", "OPENSSH ", ""])): string {
  const body = Array.from({ length: 12 }, () => chars(base64, 64)).concat(`${chars(base64, 30)}==`);
  return [joined("-----BEGIN ", type, "PRIVATE KEY-----"), ...body, joined("-----END ", type, "PRIVATE KEY-----")].join(
    by,
  );
}

/** A number of that length with a valid check digit. */
function cardNumber(prefix: string, length: number): string {
  const body = prefix + chars(digits, length - prefix.length - 1);
  const sum = [...body]
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? Number(digit) * 2 : Number(digit)))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return body + String((10 - (sum % 10)) % 10);
}

const grouped = (number: string, by: string) => number.replace(/(\d{4})(?=\d)/g, `$1${by}`);

/** For each kind, how lines hold it: secrets, and the text around them at `@`. */
const kinds: Record<SecretKindName, { secrets: (() => string)[]; around: string[] }> = {
  authorization: {
    secrets: [() => token(40), () => token(64), () => encoded(`svc-user:${token(14)}`), () => chars(base62, 32)],
    around: [
      "GET /v1/orders HTTP/1.1 Host: shop Authorization: Bearer @ Accept: */*",
      '{"level":"debug","headers":{"Authorization":"Basic @","Host":"shop"}}',
      'level=debug msg="calling billing" authorization="Bearer @" attempt=1',
      "curl -H 'Authorization: Basic @' https://api.example.com/v1",
      String.raw`{"log":"{\"authorization\":\"Bearer @\"}","stream":"stdout"}`,
      "proxy-authorization: Basic @",
    ],
  },
  "url-password": {
    secrets: [() => token(12, base62), () => `p%40${token(8, base62)}`, () => `${token(9, base62)}!$x`],
    around: [
      "connecting to postgres://shop:@@db.example.com:5432/shop?sslmode=require",
      '{"msg":"broker","url":"amqp://worker:@@rabbitmq:5672/"}',
      "cache at redis://:@@redis.cache.svc:6379/0 is ready",
      "git clone https://ci:@@git.example.com/team/shop.git failed",
      "mongodb+srv://app:@@cluster0.example.net/?retryWrites=true: no answer",
    ],
  },
  aws: {
    secrets: [() => joined("AK", "IA", chars(upper32, 16)), () => joined("AS", "IA", chars(upper32, 16))],
    around: [
      "using access key @ from the environment",
      '{"AccessKeyId": "@", "Expiration": "2026-11-27T00:00:00Z"}',
      "AWS_ACCESS_KEY_ID=@",
      "s3: signature of @ does not match",
    ],
  },
  gcp: {
    secrets: [() => joined("AI", "za", chars(url64, 35))],
    around: [
      "GET https://maps.example.com/api/geocode?key=@&address=Bern",
      '{"client":{"token":"@"},"scope":"read"}',
      "level=warn msg=refused key=@ status=403",
    ],
  },
  github: {
    secrets: [
      () => joined("gh", pick(["p", "o", "u", "s", "r"]), "_", chars(base62, 36)),
      () => joined("github", "_pat_", chars(base62, 22), "_", chars(base62, 59)),
    ],
    around: [
      "remote: using @ for authentication",
      'GITHUB_TOKEN="@" npm publish',
      '{"event":"push","token":"@","repo":"shop"}',
      "could not read from https://api.github.com: token @ is expired",
    ],
  },
  slack: {
    secrets: [
      () => joined("xo", pick(["xb", "xp", "xa"]), "-", chars(digits, 12), "-", chars(base62, 24)),
      () => joined("xa", "pp-1-A", chars(digits, 10), "-", chars(base62, 32)),
    ],
    around: ["posting as @ to #alerts", '{"slack":{"token":"@"}}', "SLACK_TOKEN=@ is not in the workspace"],
  },
  "private-key": {
    secrets: [() => pemKey(String.raw`\n`), () => pemKey(" "), () => pemKey(String.raw`\\n`)],
    around: ["loaded key @ from config", '{"tls":{"key":"@"},"level":"debug"}', "TLS_KEY='@'", "@"],
  },
  jwt: {
    secrets: [jwt],
    around: [
      "session cookie: id=@; Path=/",
      '{"msg":"login","jwt":"@","user":42}',
      "token=@ rejected: expired",
      "[auth] @",
    ],
  },
  card: {
    secrets: [
      () => cardNumber("4", 16),
      () => cardNumber(pick(["51", "55", "2221", "2720"]), 16),
      () => cardNumber("37", 15),
      () => grouped(cardNumber("4", 16), " "),
      () => grouped(cardNumber("52", 16), "-"),
      () => cardNumber("6011", 16),
    ],
    around: [
      "payment with @ exp 12/29 failed",
      '{"pan":"@","amount":1299,"ts":1795680000123456789}',
      "charge card=@ order=4539578763621480 id=1795680000123",
      "@",
    ],
  },
};

/** Fields whose value alone is the secret. */
const fields: SecretSample[] = [
  [
    "aws",
    () => chars(base64, 40),
    [
      "aws_secret_access_key = @",
      '{"SecretAccessKey":"@","Version":1}',
      "AWS_SECRET_ACCESS_KEY=@",
      "secretAccessKey: '@'",
    ],
  ],
  [
    "gcp",
    () => pemKey(String.raw`\n`, "") + String.raw`\n`,
    ['{"type":"service_account","private_key":"@","client_id":"1"}'],
  ],
  [
    "slack",
    () => joined("T", chars(base62, 8), "/B", chars(base62, 8), "/", chars(base62, 24)),
    ["POST https://hooks.slack.com/services/@ 500"],
  ],
].flatMap(([kind, secret, around]) =>
  (around as string[]).map((text) => sample(kind as SecretKindName, secret as () => string, text)),
);

function sample(kind: SecretKindName, make: () => string, around: string): SecretSample {
  const secret = make();
  return { kind, secret, line: around.replace("@", () => secret) };
}

/** A hundred lines with one made-up secret each, the same at each run. */
export const secretSamples: readonly SecretSample[] = [
  ...fields,
  ...Array.from({ length: 100 }, (_, index) => index).flatMap((round) =>
    (Object.keys(kinds) as SecretKindName[]).map((kind) => {
      const { secrets, around } = kinds[kind];
      return sample(kind, secrets[round % secrets.length]!, around[round % around.length]!);
    }),
  ),
].slice(0, 100);

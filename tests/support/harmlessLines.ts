import { random } from "./random";

const { below, chars, pick } = random(7);

const hex = (length: number) => chars("0123456789abcdef", length);
const digits = (length: number) => chars("0123456789", length);
const word = () => pick(["order", "payment", "cart", "session", "basic", "bearer", "token", "key", "password", "card"]);
const ip = () => `10.${below(256)}.${below(256)}.${below(256)}`;
const clock = () => `2026-11-26T0${below(10)}:1${below(10)}:2${below(10)}.${digits(3)}Z`;
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;

/** Lines that a platform's pods write, and that hold no secret, though some of them look like it. */
const kinds: (() => string)[] = [
  () =>
    `${ip()} - - [26/Nov/2026:06:00:0${below(10)} +0000] "GET /api/${word()}s/${below(99_999)} HTTP/1.1" 200 ${below(9999)} "-" "Mozilla/5.0"`,
  () =>
    `{"level":"info","ts":${1_795_680_000 + below(99_999)}.${digits(7)},"logger":"controller","msg":"Reconciled","name":"web-${hex(10)}"}`,
  () =>
    `level=info ts=${clock()} caller=metrics.go:237 component=querier query="{namespace=\\"shop\\"} |= \\"${word()}\\"" duration=${below(999)}ms`,
  () =>
    `I1126 06:0${below(10)}:12.${digits(6)}       1 garbagecollector.go:549] "Processing item" item="[v1/Pod, namespace: default, name: web-${hex(5)}, uid: ${uuid()}]"`,
  () =>
    `${clock()} INFO  [http-nio-8080-exec-${below(20)}] o.e.shop.OrderService : order 1${digits(15)} saved in ${below(90)} ms`,
  () => `time="${clock()}" level=info msg="pulled image" image=registry.example.com:5000/shop/web@sha256:${hex(64)}`,
  () => `trace_id=${hex(32)} span_id=${hex(16)} order=${digits(13)} total=${below(99)}.${digits(2)} EUR`,
  () => `nanoseconds ${1_795_680_000}${digits(9)} sequence ${digits(18)} offset ${digits(14)}`,
  () => `Basic authentication is enabled for realm "${word()}s"`,
  () => `WWW-Authenticate: Basic realm="grafana-${word()}"`,
  () => `authorization: bearer token missing for ${ip()}`,
  () => `Bearer authentication failed: ${pick(["expired", "unknown issuer", "no header"])} (${word()})`,
  () => `Authorization check for user ${below(999)} took ${below(99)} ms: basic permissions only`,
  () => `user admin changed the password of user ${below(9999)}; password policy: at least 12 characters`,
  () => `GET http://shop.default.svc:8080/search?mail=jane.doe@example.com&page=${below(9)} 200`,
  () => `mail to jane@example.com (see https://example.com:8443/help#a@b) queued as ${hex(10).toUpperCase()}`,
  () => `cloned git@git.example.com:team/shop.git at ${hex(40)}`,
  () => `fetching ssh://git@git.example.com:22/team/shop.git`,
  () => `dial tcp [fd00::${hex(4)}]:5432: connect: connection refused`,
  () => `certificate -----BEGIN CERTIFICATE----- MIID${chars("ABCDEFGHabcdefgh0123+/", 60)} -----END CERTIFICATE-----`,
  () =>
    `public key: -----BEGIN PUBLIC KEY-----\\nMIIB${chars("ABCDEFGHabcdefgh0123+/", 60)}\\n-----END PUBLIC KEY-----`,
  () => `ssh-rsa AAAAB3NzaC1yc2E${chars("ABCDEFGHabcdefgh0123", 80)} jane@laptop`,
  () => `etag "${hex(32)}" sha1 ${hex(40)} crc ${hex(8)} size ${digits(10)}`,
  () => `call from +49 ${digits(3)} ${digits(4)} ${digits(4)} to 0800 ${digits(3)} ${digits(4)}`,
  () => `IBAN DE${digits(2)} 3704 0044 0532 0130 00 checked; ISBN 978-3-16-148410-0`,
  () => `device imei=35${digits(12)} firmware ${below(9)}.${below(9)}.${below(99)}`,
  () => `\tat org.example.shop.${pick(["Orders", "Payments"])}.run(${pick(["Orders", "Payments"])}.java:${below(999)})`,
  () => `AWS region eu-central-1, account ${digits(12)}, role arn:aws:iam::${digits(12)}:role/shop`,
  () => `secret access key rotated for user ${word()}-svc; session token lifetime ${below(60)} min`,
  () => `secret "shop-db" mounted at /var/run/secrets/shop; keys: username, password`,
  () => `eyJ is how a JWT begins; this one was cut: eyJhbGciOi`,
  () => `slack: xoxb token not set, ghp_ token not set, see docs`,
  () => `POST https://hooks.example.com/services/${word()} 200`,
  () => `{"event":"login","user":"u${below(9999)}","password":"","token":null,"ok":true}`,
  () => `{"ts":1795680000${digits(3)},"id":"${uuid()}","card":"visa","last4":"${digits(4)}","amount":${below(99_999)}}`,
  () => `invoice 2026-${digits(4)}-${digits(4)}-${digits(4)} of customer ${digits(8)} is due`,
  () => `W1126 reflector.go:569] watch of *v1.Pod ended with: too old resource version: ${digits(9)} (${digits(9)})`,
  () =>
    `ts=${clock()} postgres: checkpoint complete: wrote ${below(9999)} buffers; lsn=${hex(1).toUpperCase()}/${hex(8).toUpperCase()}`,
  () => `memcached: <${below(99)} get loki:chunk:${hex(16)}:${hex(8)} >${below(99)} END`,
  () => `é ü 漢 😀 ${word()} \u001b[31mred\u001b[0m ${digits(15)}`,
];

/** Numbers that would be cards if their check digit were valid: it is not. */
function unchecked(): string {
  for (;;) {
    const number = `${pick(["4", "51", "6011", "37"])}${digits(14)}`.slice(0, 15);
    const sum = [...number]
      .reverse()
      .map((digit, index) => (index % 2 === 0 ? Number(digit) * 2 : Number(digit)))
      .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
    const valid = (10 - (sum % 10)) % 10;
    if (!number.startsWith("37")) return `order id ${number}${(valid + 1 + below(9)) % 10} at 1795680000${digits(9)}`;
  }
}

/** A thousand harmless lines, the same at each run. */
export const harmlessLines: readonly string[] = Array.from({ length: 1000 }, (_, index) =>
  index % 25 === 24 ? unchecked() : kinds[index % kinds.length]!(),
);

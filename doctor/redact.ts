/** What stands in place of a secret. */
export const mask = "[redacted]";

/** Names whose values are secrets, in `name=value`, `name: value` and `"name":"value"`. */
const secretNames =
  "pass(?:word|wd|phrase)?|pwd|secret(?:[_-]?(?:access[_-]?)?key)?|token|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|private[_-]?key|" +
  "account[_-]?key|shared[_-]?access[_-]?key|client[_-]?secret|routing[_-]?key|integration[_-]?key|service[_-]?key|signing[_-]?key|" +
  "encryption[_-]?key|credentials?|auth|cookie|set-cookie|session(?:[_-]?id)?|signature|sig|x-amz-signature|x-amz-credential|" +
  "x-amz-security-token|dsn|webhook[_-]?url|license[_-]?key|otp|pin";

/** Each kind of secret, and what is left of it. Whole blocks first, then by name, then by form. */
const rules: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, mask],
  [
    /\b(authorization|proxy-authorization|cookie|set-cookie)(["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\r\n"']+)/gi,
    `$1$2${mask}`,
  ],
  [/\b(bearer|basic|token|digest)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${mask}`],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${mask}@`],
  [/(hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]+/g, `$1${mask}`],
  [/(discord(?:app)?\.com\/api\/webhooks\/)[A-Za-z0-9/_-]+/g, `$1${mask}`],
  [
    new RegExp(
      String.raw`((?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]*(?:${secretNames})\\?["']?\s*(?:=>|[:=])\s*)` +
        String.raw`(?:\\?"(?:\\.|[^"\\])*\\?"|'[^']*'|[^\s,;&"'}\])]+)`,
      "gi",
    ),
    `$1${mask}`,
  ],
  [/(^|\s)([^\s:]{1,64}):(?:\{SHA\}|\$(?:apr1|2[abxy]|5|6)\$)\S+/gm, `$1$2:${mask}`],
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g, mask],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, mask],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, mask],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|npm_|pypi-|xox[abeoprs]-|xapp-|dop_v1_|hv[bsr]\.|dckr_pat_)[A-Za-z0-9_.-]{8,}/g,
    mask,
  ],
  [/\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/g, mask],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, mask],
  [/\bSG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g, mask],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]+/g, mask],
  [/\bglsa_[A-Za-z0-9_]{20,}|\bglc_[A-Za-z0-9+/=]{20,}/g, mask],
  [/\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g, mask],
  // Anything as long and mixed as a generated password, unless it is the digest of an image.
  [
    /(?<!sha256:)(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Za-z])[A-Za-z0-9+]{32,}={0,2}(?![A-Za-z0-9+])/g,
    mask,
  ],
];

const named = new RegExp(`(?:${secretNames})$`, "i");

/** Whether a field or variable of this name holds a secret. Pure. */
export function namesSecret(field: string): boolean {
  return named.test(field);
}

/** A value for JSON without texts that look like secrets, by their form or by the name of their field. Pure. */
export function redactedValue(value: unknown, field = ""): unknown {
  if (typeof value === "string") return namesSecret(field) ? mask : redacted(value);
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactedValue(inner, key)]));
}

/** A text without what looks like a secret. It rather takes out too much than too little. Pure. */
export function redacted(text: string): string {
  return rules.reduce((before, [pattern, replacement]) => before.replace(pattern, replacement), text);
}

/** The same as {@link redacted}, but `hide` says what stands in place of each match, with what leads to its secret. */
export function maskedText(text: string, hide: (match: string) => string): string {
  return rules.reduce(
    (before, [pattern, replacement]) =>
      before.replace(pattern, (match: string, ...groups: (string | undefined)[]) => {
        const hidden = hide(match);
        if (hidden === match) return match;
        return replacement
          .replace(/\$(\d)/g, (_, index) => groups[Number(index) - 1] ?? "")
          .replace(mask, () => hidden);
      }),
    text,
  );
}

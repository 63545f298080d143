/** How one form of a secret is found in a log line. Expressions are in RE2's syntax. */
export interface SecretForm {
  /**
   * Matches every line that may hold one, and few others: only these lines are searched further. It begins with a
   * letter that is the same for all, if it can: Go then looks for that letter and is ten times as fast.
   */
  hint: string;
  /** Each finds the secret in its one group; what is around it stays. */
  expressions: readonly string[];
  /** Whether a find counts only with a valid check digit (Luhn). Default: false. */
  checkDigit?: boolean;
}

/** Between the name of a field and its value, in YAML, JSON (quoted once more as well), logfmt, a header or a shell. */
const is = String.raw`[\\"']*\s*(?:=>|[:=])\s*[\[\\"']*`;

/** The digits of a card by its network (Visa, Mastercard, American Express, Discover, Diners, JCB), in one piece … */
const card = String.raw`4\d{15}|(?:5[1-5]\d\d|2[2-7]\d\d|35\d\d|6011|65\d\d|64[4-9]\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}`;
/** … or in groups. */
const groupedCard = [" ", "-"]
  .map(
    (by) =>
      String.raw`(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|35\d\d|6011|65\d\d|64[4-9]\d)${by}\d{4}${by}\d{4}${by}\d{4}|3[47]\d\d${by}\d{6}${by}\d{5}|3(?:0[0-5]|[68]\d)\d${by}\d{6}${by}\d{4}`,
  )
  .join("|");

const header = String.raw`(?i)authorization${is}(?:bearer|basic)\s+([A-Za-z0-9._~+/-]{8,}=*)`;

const awsKeyId = "A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}";
const awsSecrets = [
  String.raw`(?i)(?:secret[_-]?access[_-]?key|aws[_-]?secret(?:[_-]?key)?)${is}([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`,
  String.raw`(?i)session[_-]?token${is}([A-Za-z0-9/+]{100,}=*)`,
];

const begin = "-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----";

/** Kinds of secrets, by the name that takes their place in a line. */
export const secretKinds = {
  authorization: [
    {
      hint: "earer [A-Za-z0-9._~+/-]{8}",
      expressions: [header, String.raw`(?i)\bbearer\s+([A-Za-z._~+/-]*[0-9][A-Za-z0-9._~+/-]{15,}=*)`],
    },
    {
      hint: "asic [A-Za-z0-9._~+/-]{6}",
      expressions: [header, String.raw`(?i)\bbasic\s+([A-Za-z0-9+/]{6,}={1,2}|[A-Za-z+/]*[0-9][A-Za-z0-9+/]{11,}=*)`],
    },
  ],
  "url-password": [
    {
      hint: "://[^/:@ ]*:[^/@ ]+@",
      expressions: [String.raw`://[^\s/:@"'<>?#]*:([^\s/@"'<>?#]+)@`],
    },
  ],
  aws: [
    { hint: awsKeyId, expressions: [String.raw`\b(${awsKeyId})\b`] },
    { hint: "ecret_?-?(?:[Aa]ccess|[Kk]ey)", expressions: awsSecrets },
    { hint: "SE(?:CRET|SSION)_", expressions: awsSecrets },
    { hint: "ession_?-?[Tt]oken", expressions: awsSecrets },
  ],
  gcp: [
    { hint: "AIza", expressions: [String.raw`\b(AIza[A-Za-z0-9_-]{35})`] },
    { hint: "private_key", expressions: [String.raw`private_key${is}(-----BEGIN[^"]*?)\\*"`] },
  ],
  github: [
    {
      hint: "g(?:h[pousr]_|ithub_pat_)",
      expressions: [String.raw`\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})`],
    },
  ],
  slack: [
    {
      hint: "x(?:ox[a-z]-|app-)",
      expressions: [String.raw`\b(xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,})`],
    },
    {
      hint: String.raw`hooks\.slack\.com/`,
      expressions: [String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]+)`],
    },
  ],
  "private-key": [
    {
      hint: "PRIVATE KEY",
      expressions: [
        String.raw`(?s)(${begin}.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)`,
        // Cut off before its end.
        String.raw`(?s)${begin}([\\rn\s]*[A-Za-z0-9+/=][A-Za-z0-9+/=\\\s]*)`,
      ],
    },
  ],
  jwt: [
    {
      hint: "eyJ[A-Za-z0-9_-]{8}",
      expressions: [String.raw`\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)`],
    },
  ],
  card: [
    {
      hint: String.raw`\b[2-6]\d{3}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?\b`,
      expressions: [String.raw`\b(${card}|${groupedCard})\b`],
      checkDigit: true,
    },
  ],
} as const satisfies Record<string, readonly SecretForm[]>;

export type SecretKindName = keyof typeof secretKinds;

/** Every kind, in the order in which lines are searched. */
export const secretKindNames = Object.keys(secretKinds) as [SecretKindName, ...SecretKindName[]];

/** Shorter secrets are hidden only where they stand alone: they are part of too many words. */
const alone = 8;
/** Shorter ones are hidden only where they are: nobody could tell them from any other value. */
const shortest = 4;

/** Values that people put into Secrets and that are words everywhere else. */
export const ordinary: ReadonlySet<string> = new Set(
  "true false null none default admin root user users loki minio alloy grafana logharbor basic http https token test".split(
    " ",
  ),
);

/** Whether a secret is hidden inside of longer words too. */
export function longEnough(secret: string): boolean {
  return secret.length >= alone;
}

/** The texts in which a secret can appear: as it is, escaped, encoded, and line by line. */
export function forms(secret: string): string[] {
  const texts = [secret, secret.trim(), ...(secret.includes("\n") ? linesOf(secret) : [])].filter(
    (text) => text.length >= shortest,
  );
  return [...new Set(texts.flatMap(formsOfOne))];
}

function formsOfOne(text: string): string[] {
  const bytes = Buffer.from(text);
  const encoded = longEnough(text)
    ? [
        bytes.toString("hex"),
        bytes.toString("hex").toUpperCase(),
        ...inBase64(bytes),
        ...inBase64(bytes).map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
      ]
    : [];
  return [text, JSON.stringify(text).slice(1, -1), text.replaceAll("'", "''"), encodeURIComponent(text), ...encoded];
}

/** The characters of base64 that depend on these bytes alone, at each place where they can begin. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const skipped = [0, 2, 3][shift]!;
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    const form = text.slice(skipped, whole);
    return longEnough(form) ? [form] : [];
  });
}

/** Lines of a secret of several lines, and the values in them, for texts that indent or fold it. */
function linesOf(secret: string): string[] {
  return secret.split("\n").flatMap((raw) => {
    const line = raw.trim();
    if (!longEnough(line) || /^[\w."-]+:$/.test(line) || /^-----(BEGIN|END)/.test(line)) return [];
    const value = /^(?:- )?[\w.-]+\s*[:=]\s*["']?(.+?)["']?$/.exec(line)?.[1];
    return [line, ...(value !== undefined && longEnough(value) ? [value] : [])];
  });
}

import { isMap } from "./tree";

/* Credentials that stand in plain text where many may read them. */

const names = "password|passwd|passphrase|secret_?(access_?)?key|private_?key|(api|access|auth|bearer)_?token";
/** Keys whose value is a credential. */
const credential = new RegExp(`(${names}|htpasswd|api_?key|client_?secret|^secret|token)$`, "i");
/** Keys that only name a Secret or a key in one. */
const reference = /^existing/i;
const value = String.raw`["']?(?!["'$]|sys\.env|env\(|local\.|remote\.|convert\.)[^\s"']`;
/** The same inside a text that is itself a configuration; the value is neither empty nor a variable. */
const credentialLine = new RegExp(String.raw`^[\s-]*["']?[\w.]*(${names})["']?\s*[:=]\s*${value}`, "im");
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const urlWithPassword = /\w:\/\/[^\s/:@$]+:[^\s/@$]+@/;
const variable = /^\$(\{|__|\()/;
/** A file name: such a value names a key of a Secret, and is not a credential. */
const fileName = /^[\w-]+\.(key|pem)$/;

/** Paths below `node` where a credential stands in plain text, by its key or by its form. Pure. */
export function plaintextCredentials(node: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof node === "string") return isCredential(path.at(-1) ?? "", node) ? [path] : [];
  if (typeof node !== "object" || node === null) return [];
  // An environment variable of a container: its name says what its value is.
  const { name, value: given } = node as { name?: unknown; value?: unknown };
  if (isMap(node) && typeof name === "string" && typeof given === "string" && isCredential(name, given))
    return [[...path, "value"]];
  return Object.entries(node).flatMap(([key, below]) => plaintextCredentials(below, [...path, key]));
}

function isCredential(key: string, text: string): boolean {
  if (text === "") return false;
  const named = credential.test(key) && !reference.test(key) && !variable.test(text) && !fileName.test(text);
  return named || credentialLine.test(text) || privateKey.test(text) || urlWithPassword.test(text);
}

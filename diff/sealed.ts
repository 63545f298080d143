import { isObject, type Json } from "./json";

/** Marks a secret among the properties of a resource, on the wire and in a state. */
const signature = "4dabf18193072939515e22adb298388d";
const secretKind = "1b47061264138c4ac30d75fd1eb44270";

/** A value that Pulumi keeps as a secret, in clear. Only the mask may open it. */
export class Sealed {
  constructor(readonly value: Json) {}
}

/** JSON in which secrets are {@link Sealed}. */
export type Open = string | number | boolean | null | Sealed | Open[] | { [key: string]: Open };

/** Properties as Pulumi writes them, with each secret sealed. */
export function sealed(value: Json): Open {
  if (Array.isArray(value)) return value.map(sealed);
  if (!isObject(value)) return value;
  if (value[signature] === secretKind) {
    const { plaintext, value: clear, ciphertext } = value;
    // What nobody decrypted is still known by its cipher.
    if (typeof plaintext === "string") return new Sealed(JSON.parse(plaintext) as Json);
    return new Sealed(clear ?? ciphertext ?? null);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sealed(inner)]));
}

/** The same in clear. */
export function opened(value: Open): Json {
  if (value instanceof Sealed) return opened(sealed(value.value));
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
}

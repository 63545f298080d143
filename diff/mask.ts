import { createHmac, randomBytes } from "node:crypto";
import { maskedText, namesSecret } from "../doctor/redact";
import { plainText, without, type Json } from "./json";
import { newSecretMark, secretMark } from "./marks";
import { forms, longEnough, ordinary } from "./secretForms";
import { opened, Sealed, type Open } from "./sealed";
import type { MaskedThing, Thing } from "./thing";

/** A secret while two sides are compared, as a keyed hash between characters that no text has. */
const token = /\uE000[0-9a-f]{16}\uE001/g;
const privateKey =
  /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g;
/** A value that only names where the secret is: `${VARIABLE}`, `$(VARIABLE)`, `sys.env("VARIABLE")`. */
const reference = /(?:=>|[:=])\s*\\?["']?(?:\$\{?\w+|\$\(\w+\)?|sys\.env\(|env\()\\?["']?$/;

/** Secrets of charts that hold a configuration, and whose text holds references to other Secrets only. */
const configurations: readonly { maker: string; name: string; key: string }[] = [
  { maker: "release loki", name: "loki", key: "config.yaml" },
];

/**
 * Takes the secrets out of objects, and leaves in their place what still tells two of them apart: a hash whose key is
 * new for each mask and never leaves it.
 *
 * It knows a secret because Pulumi seals it, because it is a value of a Secret, or because it looks like one. A secret
 * that it has learned is hidden everywhere, also in base64, in an address or inside a longer text.
 */
export class Mask {
  private readonly key = randomBytes(32);
  private readonly known = new Set<string>();
  private pattern?: RegExp;

  /** Learns the secrets of objects, to hide them in all others too. Call it for both sides before {@link thing}. */
  learn(things: readonly Thing[]): void {
    for (const thing of things) {
      this.learnSealed(thing.content);
      if (thing.kind !== "Secret") continue;
      for (const [key, value] of secretEntries(opened(thing.content)))
        if (!isConfiguration(thing, key) && !isUserName(key, value)) this.learnText(value);
    }
  }

  /** Learns a secret that is in no object, such as a password for a chart repository. */
  learnText(secret: string): void {
    for (const form of forms(secret)) this.known.add(form);
    this.pattern = undefined;
  }

  /** Learns what is sealed in properties that are shown nowhere, such as the values of a chart. */
  learnSealed(value: Open): void {
    if (value instanceof Sealed) leaves(value.value).forEach((leaf) => this.learnText(leaf));
    else if (Array.isArray(value)) value.forEach((item) => this.learnSealed(item));
    else if (typeof value === "object" && value !== null)
      Object.values(value).forEach((item) => this.learnSealed(item));
  }

  /** The object without its secrets. */
  thing(thing: Thing): MaskedThing {
    const { content, ...identity } = { ...thing, name: this.hide(thing.name) };
    if (thing.kind !== "Secret") return { ...identity, content: this.value(content) };
    const rest = without(content as { [key: string]: Open }, "data", "stringData");
    const entries = secretEntries(opened(content)).map(([key, value]) => [
      this.hide(key),
      isConfiguration(thing, key) ? this.text(value) : this.token(value),
    ]);
    return {
      ...identity,
      content: {
        ...(this.value(rest) as object),
        ...(entries.length === 0 ? {} : { data: Object.fromEntries(entries) as Json }),
      },
    };
  }

  /** A text without its secrets. */
  text(text: string): string {
    const hidden = this.hide(text).replace(privateKey, (key) => this.token(key));
    return hidden
      .split("\n")
      .map((line) => maskedText(line, (secret) => (reference.test(secret) ? secret : this.token(secret))))
      .join("\n");
  }

  private value(value: Open, field = ""): Json {
    if (value instanceof Sealed) return this.sealedValue(value);
    if (typeof value === "string") {
      if (field.endsWith("last-applied-configuration")) return this.token(value);
      if (field.startsWith("checksum/")) return this.hide(value);
      return namesSecret(field) && !reference.test(`=${value}`) ? this.token(value) : this.text(value);
    }
    if (Array.isArray(value)) return value.map((item, index) => this.value(item, fieldOfItem(value, index, field)));
    if (typeof value !== "object" || value === null) return value;
    const named = typeof value.name === "string" && namesSecret(value.name) ? value.name : undefined;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        this.hide(key),
        this.value(inner, key === "value" && named !== undefined ? named : key),
      ]),
    );
  }

  /** A sealed object keeps its keys: they say which of its values changed. */
  private sealedValue({ value }: Sealed): Json {
    if (Array.isArray(value)) return value.map((item) => this.sealedValue(new Sealed(item)));
    if (typeof value !== "object" || value === null) return this.token(JSON.stringify(value));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [this.hide(key), this.sealedValue(new Sealed(inner))]),
    );
  }

  private hide(text: string): string {
    if (this.known.size === 0) return text;
    this.pattern ??= patternOf([...this.known]);
    return text.replace(this.pattern, (secret) => this.token(secret));
  }

  private token(secret: string): string {
    return `\uE000${createHmac("sha256", this.key).update(secret).digest("hex").slice(0, 16)}\uE001`;
  }
}

/** What a reader sees of a value on one side; `before` is the other side of a change. */
export function shown<T extends Json>(value: T, before?: Json): T {
  return reader(before)(value);
}

/** {@link shown} for many values of one side. */
export function reader(before?: Json): <T extends Json>(value: T) => T {
  const old = new Set(before === undefined ? [] : JSON.stringify(before).match(token));
  const text = (part: string) =>
    part.replace(token, (one) => (before === undefined || old.has(one) ? secretMark : newSecretMark));
  const below = (node: Json): Json => {
    if (typeof node === "string") return text(node);
    if (Array.isArray(node)) return node.map(below);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [text(key), below(inner)]));
  };
  return <T extends Json>(value: T) => below(value) as T;
}

/** The values of a Secret, decoded, with the keys of both of its fields. */
function secretEntries(content: Json): [key: string, value: string][] {
  const { data = {}, stringData = {} } = content as { data?: Record<string, Json>; stringData?: Record<string, Json> };
  const decoded = Object.entries(data ?? {}).map(([key, value]): [string, string] => [
    key,
    Buffer.from(plainText(value), "base64").toString("utf8"),
  ]);
  const plain = Object.entries(stringData ?? {}).map(([key, value]): [string, string] => [key, plainText(value)]);
  return [...new Map([...decoded, ...plain])];
}

function isConfiguration({ maker, name }: Thing, key: string): boolean {
  return configurations.some((one) => one.maker === maker && one.name === name && one.key === key);
}

/** User names are in Secrets beside their passwords, and in the names of objects. They stay hidden in the Secret. */
function isUserName(key: string, value: string): boolean {
  return /(user|user_?name|access_?key_?id)$/i.test(key) && /^[a-z][a-z0-9-]{0,30}$/.test(value);
}

/** In `--password`, `secret`, the second is the value of the first. */
function fieldOfItem(list: readonly Open[], index: number, field: string): string {
  const before = list[index - 1];
  return typeof before === "string" && /^--?[\w-]+$/.test(before) ? before : field;
}

function leaves(value: Json): string[] {
  if (typeof value === "string" || typeof value === "number") return [plainText(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leaves);
}

/** Longer ones first, so that no part of a secret stays. A short one must stand alone. */
function patternOf(known: readonly string[]): RegExp {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  const sorted = known.filter((text) => !ordinary.has(text.toLowerCase())).sort((a, b) => b.length - a.length);
  const alternatives = sorted.map((text) =>
    longEnough(text) ? escaped(text) : `(?<![A-Za-z0-9_])${escaped(text)}(?![A-Za-z0-9_])`,
  );
  return new RegExp(alternatives.length === 0 ? "(?!)" : alternatives.join("|"), "g");
}

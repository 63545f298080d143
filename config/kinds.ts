import { isIP } from "node:net";
import { z } from "zod";

import { durationPattern } from "../domain/duration";
import { faultOf } from "../domain/regularExpression";
import { isBytes, isCores } from "../domain/quantity";

/*
 * The kinds of settings. One call states what a setting means, an example and its defaults. A default of the wrong type
 * does not compile.
 */

/**
 * The value of a setting that a stack file leaves out: one for both profiles, or one for each. Without it the setting
 * is unset.
 */
export type Defaults<T> = { both?: T; dev?: never; prod?: never } | { both?: never; dev?: T; prod?: T };

/** Everything about a setting except its type. */
export type About<T> = Defaults<T> & {
  /** What the setting does, and its unit. */
  about: string;
  /** A valid value, for error messages. Default: the default of prod. */
  example?: T;
};

/** What the reader and the settings table know about a setting. */
export type SettingMeta = {
  description: string;
  /** The example, as it looks in a stack file. */
  example: string;
  dev?: unknown;
  prod?: unknown;
};

function meta<T>({ about, both, dev = both, prod = both, example = prod }: About<T>): SettingMeta {
  return {
    description: about,
    example: typeof example === "string" ? example : JSON.stringify(example),
    ...(dev === undefined ? {} : { dev }),
    ...(prod === undefined ? {} : { prod }),
  };
}

/** Text that matches a pattern. `form` completes the message "must be …". */
export const text = (pattern: RegExp, form: string) => (setting: About<string>) =>
  z
    .string({ error: `must be ${form}` })
    .regex(pattern, { error: `must be ${form}` })
    .meta(meta(setting));

/** A whole number from `min` to `max`. */
export function whole({ min, max, ...setting }: { min: number; max: number } & About<number>) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).meta(meta(setting));
}

/** Text for which `holds` is true. `form` completes the message "must be …". */
function checked(holds: (text: string) => boolean, form: string) {
  return (setting: About<string>) =>
    z
      .string({ error: `must be ${form}` })
      .refine(holds, { error: `must be ${form}` })
      .meta(meta(setting));
}

/** An amount of CPU. */
export const cores = checked(isCores, "a Kubernetes quantity of CPU, from 1m to 1000 cores");

/** An amount of memory or storage, at least 1Mi: Kubernetes reads "512m" as half a byte. */
export const bytes = checked(isBytes, "a Kubernetes quantity of bytes, at least 1Mi");

/** True or false. */
export const flag = (setting: About<boolean>) => z.boolean({ error: "must be true or false" }).meta(meta(setting));

/** A regular expression in RE2's syntax. */
export function regularExpression(setting: About<string>) {
  const error = "must be a regular expression in RE2's syntax";
  return z
    .string({ error })
    .min(1, { error })
    .refine((expression) => faultOf(expression) === undefined, {
      error: ({ input }) => `${error}: ${faultOf(String(input))}`,
    })
    .meta(meta(setting));
}

/** One of several words. The first is the example in error messages. */
export const choice = <const T extends readonly [string, ...string[]]>(values: T, setting: About<T[number]>) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` }).meta(meta({ ...setting, example: values[0] }));

/** A list. `form` completes the message "must be a list of …". A list in a stack file replaces the whole default. */
export const list = <T extends z.ZodType>(element: T, form: string, setting: About<z.input<T>[]>) =>
  z.array(element, { error: `must be a list of ${form}` }).meta(meta(setting));

/** A number, with or without a fraction. */
export function decimal(setting: About<number>) {
  return z.number({ error: "must be a number" }).meta(meta(setting));
}

/** Labels: names and texts. */
export function labels(setting: About<Record<string, string>>) {
  const error = "must hold label names (letters, digits, _), each with a text";
  return z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error }), z.string({ error }), { error })
    .meta(meta(setting));
}

const labelName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Labels of Kubernetes' objects: names and values. */
export function objectLabels(setting: About<Record<string, string>>) {
  const error = "must hold label names of Kubernetes, each with a value in quotes";
  return z
    .record(z.string().regex(labelName, { error }), z.string({ error }).regex(labelValue, { error }), { error })
    .meta(meta(setting));
}

/** Name of a label of Kubernetes. */
export const objectLabelName = text(labelName, "the name of a label or taint");

/** Value of a label of Kubernetes. */
export const objectLabelValue = text(labelValue, "the value of a label or taint, in quotes");

/** Value of a label of a stream. */
export const labelText = text(/^[^\s"\\]{1,253}$/, "a text without spaces and quotes, at most 253 letters long");

/** Annotations of Kubernetes' objects: names and texts. */
export function annotations(setting: About<Record<string, string>>) {
  const error = "must hold names of annotations, each with a text";
  return z.record(z.string().regex(labelName, { error }), z.string({ error }), { error }).meta(meta(setting));
}

/** An object in Kubernetes' own form, which the API server checks. */
export function plainObject(setting: About<Record<string, unknown>>) {
  const error = "must be an object in Kubernetes' form";
  return z.record(z.string(), z.json(), { error }).meta(meta({ ...setting, example: setting.example ?? {} }));
}

/** An object with any keys, such as further values of a chart. */
export function freeObject(setting: About<Record<string, unknown>>) {
  const error = "must be a group of keys and values";
  return z.record(z.string(), z.json(), { error }).meta(meta(setting));
}

/** Settings of an ini file: sections, each with keys and plain values. */
export function iniSections(setting: About<Record<string, Record<string, string | number | boolean>>>) {
  const error = "must hold sections, each with keys and plain values";
  const plain = z.union([z.string(), z.number(), z.boolean()], { error });
  return z.record(z.string(), z.record(z.string(), plain, { error }), { error }).meta(meta(setting));
}

/** A duration, in Prometheus' form. */
export const duration = text(durationPattern, "a duration such as 30s, 5m or 1h30m");

/** An http(s) address. */
export const httpUrl = text(
  /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?(\/[A-Za-z0-9._~/-]*)?$/,
  "an http(s):// address without a login or a query",
);

/** A host and a port. */
export const hostPort = text(/^[A-Za-z0-9][A-Za-z0-9.-]*:[1-9]\d{0,4}$/, "host:port");

/** A folder of a node. */
export const folder = text(/^(\/[A-Za-z0-9._-]+)+$/, "the absolute path of a folder, without a slash at its end");

/** The path of files of a node. `*` is any text within a name, `**` any folders. */
export const filePath = text(
  /^(?!.*\/\.\.?(\/|$))(\/[A-Za-z0-9._*-]+)+$/,
  "the absolute path of files, in which * may stand for any text",
);

/** A type of SELinux, or nothing. */
export const seLinuxType = text(/^([a-z0-9_]+_t)?$/, "the name of a type of SELinux, such as spc_t");

const dnsLabelPattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A DNS label (RFC 1123), such as the name of a namespace. */
export const dnsLabel = text(dnsLabelPattern, "a DNS label (lower-case letters, digits, hyphens, at most 63)");

/** A DNS domain without a dot at its end. */
export const dnsDomain = text(
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/,
  "a DNS domain in lower case, without a dot at its end",
);

/** An IPv4 or IPv6 address. */
export const ipAddress = checked((text) => isIP(text) > 0, "an IP address");

/** A range of IPv4 or IPv6 addresses. */
export const cidr = checked(isCidr, "a range of addresses, written address/bits");

function isCidr(text: string): boolean {
  const [, address = "", bits] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  return version > 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

/** The name of a StorageClass. */
export const storageClass = text(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "the name of a StorageClass");

/** The name of a bucket in the stack's MinIO. Dots are not allowed. */
export const bucketName = text(
  /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  "a bucket name (3 to 63 lower-case letters, digits, hyphens)",
);

/** The name of a bucket in an object store of others. */
export const s3Bucket = text(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)",
);

/** A region of an object store. */
export const s3Region = text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a region (lower-case letters, digits, hyphens)");

/** The address of an object store. */
export const storeAddress = text(
  /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?$/,
  "an http(s):// address without a path",
);

const tenantPattern = /^[A-Za-z0-9][A-Za-z0-9!._*'()-]{0,149}$/;
const tenantForm = "a Loki tenant (letters, digits and !._*'()-, at most 150)";

/** The name of a Loki tenant. */
export const tenantName = text(tenantPattern, tenantForm);

/** Namespaces, each with a tenant. */
export function namespaceTenants(setting: About<Record<string, string>>) {
  const error = "must hold names of namespaces, each with a tenant";
  const tenant = z.string({ error: `must be ${tenantForm}` }).regex(tenantPattern, { error: `must be ${tenantForm}` });
  return z.record(z.string().regex(dnsLabelPattern, { error }), tenant, { error }).meta(meta(setting));
}

/** Host of an image registry, with an optional port and path. */
export const registryHost = text(
  /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/,
  "a registry host without a scheme; port and path are optional",
);

import { partLabel } from "../domain/names";
import { partNames, type Part } from "../domain/parts";
import { pathText, type Difference } from "../diff/compare";
import { textAt } from "../diff/json";
import type { MaskedThing } from "../diff/thing";

type Identity = Pick<MaskedThing, "maker" | "kind" | "name">;

/** Which setting decides a field, by the form of the field's path. */
interface Decided {
  path: RegExp;
  /** Kind of the object. Default: any. */
  kind?: RegExp;
  /** The setting; `$1` stands for what the path's first group found. Undefined: none decides it there. */
  setting: (place: { part: Part; name: string; found: string }) => string | undefined;
}

/** Loki's targets, by the names of their workloads. */
const targets: Readonly<Record<string, string>> = {
  loki: "singleBinary",
  "loki-write": "write",
  "loki-read": "read",
  "loki-backend": "backend",
  "loki-gateway": "gateway",
};

const ofPod = String.raw`^spec\.template\.spec`;
const sizes: Readonly<Record<string, string>> = {
  "requests.cpu": "cpuRequest",
  "requests.memory": "memoryRequest",
  "limits.cpu": "cpuLimit",
  "limits.memory": "memoryLimit",
};

const decided: readonly Decided[] = [
  {
    path: /^spec\.replicas$/,
    setting: ({ part, name }) => {
      if (part === "grafana") return "grafana.replicas";
      return part === "loki" && name in targets ? `loki.replicas.${targets[name]}` : undefined;
    },
  },
  {
    path: new RegExp(String.raw`${ofPod}\.containers\[.+\]\.resources\.((?:requests|limits)\.(?:cpu|memory))$`),
    setting: ({ part, name, found }) => {
      if (part !== "loki") return `${part}.resources.${sizes[found]}`;
      return name in targets ? `loki.targetResources.${targets[name]}.${sizes[found]}` : undefined;
    },
  },
  {
    path: new RegExp(String.raw`${ofPod}\.(nodeSelector|tolerations|priorityClassName)\b`),
    setting: ({ part, found }) => `${part}.${found}`,
  },
  {
    path: new RegExp(String.raw`${ofPod}\.affinity\.(nodeAffinity|podAffinity)\b`),
    setting: ({ part, found }) => `${part}.affinity.${found}`,
  },
  {
    path: new RegExp(String.raw`${ofPod}\.containers\[.+\]\.env(?:From)?\[`),
    setting: ({ part }) => (part === "minio" ? undefined : `${part}.envFromSecrets`),
  },
  { path: /^spec\.template\.metadata\.annotations\b/, setting: ({ part }) => `${part}.podAnnotations` },
  { path: /^spec\.template\.metadata\.labels\b/, setting: ({ part }) => `${part}.podLabels` },
  { path: /^metadata\.annotations\b/, kind: /^Service$/, setting: ({ part }) => `${part}.serviceAnnotations` },
  {
    path: /^metadata\.annotations\b/,
    kind: /^ServiceAccount$/,
    setting: ({ part }) => (part === "minio" ? undefined : `${part}.serviceAccountAnnotations`),
  },
  {
    path: /^spec\.resources\.requests\.storage$/,
    kind: /^PersistentVolumeClaim$/,
    setting: ({ part }) => (part === "alloy" ? undefined : `${part}.volumeSize`),
  },
  { path: /^data\["config\.yaml"\]$/, kind: /^Secret$/, setting: () => "loki.config" },
  { path: /^data\["config\.alloy"\]$/, setting: () => "alloy.pipeline" },
  { path: /^data\["grafana\.ini"\]$/, setting: () => "grafana.ini" },
];

/** The setting that decides a field of an object; undefined if we know none. Pure. */
export function settingOf(thing: MaskedThing, path: readonly string[]): string | undefined {
  const part = partOf(thing);
  // What the program makes beside the charts has settings of its own, or none.
  if (part === undefined || !thing.maker.startsWith("release ")) return undefined;
  const text = pathText(path);
  for (const { path: form, kind = /./, setting } of decided) {
    const match = form.exec(text);
    if (match !== null && kind.test(thing.kind)) return setting({ part, name: thing.name, found: match[1] ?? "" });
  }
  return undefined;
}

/** What to do about an object that drifted. Pure. */
export function remediesFor(
  stack: string,
  thing: MaskedThing,
  { isGone, fields }: { isGone: boolean; fields: readonly Difference[] },
): string[] {
  const up = `npm run up -- --stack ${stack}`;
  if (isGone && thing.kind === "Namespace") return [`npm run refresh -- --stack ${stack}, then ${up}: makes it anew`];
  if (isGone) return [`${up} makes it again`];
  if (!fields.every(({ path }) => isMended(thing, path)))
    return thing.kind === "IamUser"
      ? [`npm run rotate -- --stack ${stack} --what loki-store gives Loki a new user`]
      : keep(thing, fields, up);
  return [`${up} puts it back`, ...keep(thing, fields, up).map((line) => `or ${line}`)];
}

function keep(thing: MaskedThing, fields: readonly Difference[], up: string): string[] {
  const settings = [...new Set(fields.flatMap(({ path }) => settingOf(thing, path) ?? []))];
  return settings.length === 0
    ? []
    : [`take it over: set ${settings.map((setting) => `logharbor:${setting}`).join(", ")}, then ${up}`];
}

/** Whether `up` can put a field back. A volume never shrinks, and nobody can read a password to compare it. Pure. */
export function isMended({ kind }: Identity, path: readonly string[]): boolean {
  return !(
    (kind === "PersistentVolumeClaim" && pathText(path) === "spec.resources.requests.storage") ||
    (kind === "IamUser" && path[0] === "secret")
  );
}

function partOf({ maker, content }: MaskedThing): Part | undefined {
  const name = maker.startsWith("release ")
    ? maker.slice("release ".length)
    : textAt(content, "metadata", "labels", partLabel);
  return partNames.find((part) => part === name);
}

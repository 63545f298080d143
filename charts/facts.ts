import { parse } from "yaml";
import type {
  V1Container,
  V1EnvVar,
  V1LabelSelector,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1PodTemplateSpec,
  V1PolicyRule,
  V1ServicePort,
  V1Volume,
} from "@kubernetes/client-node";

/**
 * A chart's objects as flat lines: "StatefulSet loki: container loki port http-metrics" -> "3100".
 * If two renderings have equal facts, either can replace the other.
 */
export type Facts = Map<string, string>;

/** A rendered object, with the fields of all kinds from which we take facts. */
export interface Manifest {
  kind: string;
  metadata: V1ObjectMeta;
  data?: Record<string, string>;
  rules?: V1PolicyRule[];
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
  automountServiceAccountToken?: boolean;
  spec?: {
    type?: string;
    clusterIP?: string;
    publishNotReadyAddresses?: boolean;
    ports?: V1ServicePort[];
    /** A Service selects by labels only, a workload by a selector. */
    selector?: Record<string, string> | V1LabelSelector;
    replicas?: number;
    strategy?: { type?: string };
    serviceName?: string;
    podManagementPolicy?: string;
    persistentVolumeClaimRetentionPolicy?: object;
    maxUnavailable?: number;
    template?: V1PodTemplateSpec;
    volumeClaimTemplates?: V1PersistentVolumeClaim[];
  } & V1PersistentVolumeClaim["spec"];
}

/** Labels that name the chart itself: they differ between any two charts, and nothing may select by them. */
const chartLabels = new Set([
  "helm.sh/chart",
  "chart",
  "heritage",
  "app.kubernetes.io/managed-by",
  "app.kubernetes.io/version",
]);

const workloads = new Set(["StatefulSet", "Deployment", "DaemonSet"]);

/** The facts of a rendering. */
export function factsOf(manifests: readonly Manifest[]): Facts {
  const facts: Facts = new Map();
  for (const manifest of manifests) {
    const subject = `${manifest.kind} ${manifest.metadata.name ?? ""}`;
    facts.set(subject, "there");
    for (const [what, value] of objectFacts(manifest))
      if (!isEmpty(value)) facts.set(`${subject}: ${what}`, text(value));
  }
  return facts;
}

type Fact = [what: string, value: unknown];

function objectFacts(manifest: Manifest): Fact[] {
  const facts: Fact[] = [["labels", labels(manifest.metadata.labels)]];
  if (manifest.kind === "Service") facts.push(...serviceFacts(manifest));
  if (manifest.kind === "PersistentVolumeClaim") facts.push(...claimFacts("", manifest.spec));
  if (manifest.kind === "ServiceAccount") facts.push(["token mounted", manifest.automountServiceAccountToken]);
  if (manifest.kind === "PodDisruptionBudget")
    facts.push(["budget", manifest.spec?.maxUnavailable], ["selector", manifest.spec?.selector]);
  if (workloads.has(manifest.kind)) facts.push(...workloadFacts(manifest));
  for (const [key, value] of Object.entries(manifest.data ?? {})) {
    facts.push([
      `key ${key}`,
      configuration(key, manifest.kind === "Secret" ? Buffer.from(value, "base64").toString("utf8") : value),
    ]);
  }
  for (const [index, rule] of (manifest.rules ?? []).entries()) facts.push([`rule ${index + 1}`, rule]);
  facts.push([
    "role",
    manifest.roleRef === undefined ? undefined : `${manifest.roleRef.kind} ${manifest.roleRef.name}`,
  ]);
  for (const { kind, name, namespace } of manifest.subjects ?? []) facts.push([`subject ${kind} ${name}`, namespace]);
  return facts;
}

function serviceFacts({ spec }: Manifest): Fact[] {
  return [
    ["type", spec?.clusterIP === "None" ? "headless" : (spec?.type ?? "ClusterIP")],
    ["selector", spec?.selector],
    ["before ready", spec?.publishNotReadyAddresses],
    ...(spec?.ports ?? []).map((port): Fact => [
      `port ${port.port}`,
      `${port.name ?? ""} -> ${String(port.targetPort ?? port.port)}`,
    ]),
  ];
}

function workloadFacts({ spec }: Manifest): Fact[] {
  const pod = spec?.template?.spec;
  return [
    ["selector", (spec?.selector as V1LabelSelector | undefined)?.matchLabels],
    ["pod labels", labels(spec?.template?.metadata?.labels)],
    ["replicas", spec?.replicas],
    ["strategy", spec?.strategy?.type],
    ["service", spec?.serviceName],
    ["pod management", spec?.podManagementPolicy],
    ["claims kept", spec?.persistentVolumeClaimRetentionPolicy],
    ["service account", pod?.serviceAccountName],
    ["token mounted", pod?.automountServiceAccountToken],
    ["pod security", pod?.securityContext],
    ["grace period", pod?.terminationGracePeriodSeconds],
    ["affinity", pod?.affinity],
    ["spread", pod?.topologySpreadConstraints],
    ["tolerations", pod?.tolerations],
    ["pull secrets", pod?.imagePullSecrets],
    ...(pod?.volumes ?? []).map((volume): Fact => [`volume ${volume.name}`, volumeSource(volume)]),
    ...(spec?.volumeClaimTemplates ?? []).flatMap((claim) => claimFacts(` ${claim.metadata?.name ?? ""}`, claim.spec)),
    ...(pod?.initContainers ?? []).flatMap((container) => containerFacts("init container", container)),
    ...(pod?.containers ?? []).flatMap((container) => containerFacts("container", container)),
  ];
}

function containerFacts(kind: string, container: V1Container): Fact[] {
  const facts: Fact[] = [
    ["image", container.image],
    ["command", container.command],
    ["args", container.args],
    ["security", container.securityContext],
    ["resources", container.resources],
    ["readiness", container.readinessProbe],
    ["liveness", container.livenessProbe],
    ["startup", container.startupProbe],
    ["env from", container.envFrom],
    ...(container.ports ?? []).map((port): Fact => [`port ${port.name ?? ""}`, port.containerPort]),
    ...(container.env ?? []).map((env): Fact => [`env ${env.name}`, envSource(env)]),
    ...(container.volumeMounts ?? []).map((mount): Fact => {
      const sub = mount.subPath === undefined ? "" : `/${mount.subPath}`;
      return [`mount ${mount.mountPath}`, `${mount.name}${sub}${mount.readOnly === true ? " read-only" : ""}`];
    }),
  ];
  return facts.map(([what, value]) => [`${kind} ${container.name} ${what}`, value]);
}

function claimFacts(name: string, spec: V1PersistentVolumeClaim["spec"]): Fact[] {
  return [
    [`claim${name} size`, spec?.resources?.requests?.storage],
    [`claim${name} access`, spec?.accessModes],
    [`claim${name} class`, spec?.storageClassName],
  ];
}

function envSource({ value, valueFrom }: V1EnvVar): unknown {
  const secret = valueFrom?.secretKeyRef;
  return secret === undefined ? (valueFrom ?? value ?? "") : `secret ${secret.name ?? ""} key ${secret.key}`;
}

function volumeSource(volume: V1Volume): unknown {
  return Object.fromEntries(Object.entries(volume).filter(([key]) => key !== "name"));
}

/** Configuration in the form that we compare: YAML by its content, everything else by its text. */
export function configuration(key: string, value: string): string {
  return key.endsWith(".yaml") ? text(parse(value)) : value.trim();
}

/** Charts write "nothing" in several ways. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function labels(all: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => !chartLabels.has(name)));
}

/** Text with sorted keys, so that their order in the chart makes no difference. */
function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

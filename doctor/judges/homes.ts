import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { troubleOf } from "../../cluster/podTrouble";
import type { Settings } from "../../config/settings";
import { alertmanagerName, eventsName, secretNames } from "../../domain/names";
import { usedParts, type Part } from "../../domain/parts";
import { objectsOf, type Kind } from "../../render/objects";
import { storeOf } from "../../render/objectStore";
import { clusterRoleName, eventsRoleName } from "../../render/ownership";
import type { Facts, Home, RoleState } from "../facts";
import { upAgain, type Finding, type Place } from "../finding";
import { policies } from "./policies";

/** What is wrong with the objects in the namespaces of the parts. */
export function judgeHomes(facts: Facts): Finding[] {
  return usedParts(facts.settings).flatMap((part) => {
    const home = facts.homes[part];
    if (home === undefined) return [];
    if (!home.exists) return [noNamespace(part, home)];
    return [
      ...objects(part, home, facts),
      ...policies(part, home, facts),
      ...releases(part, home, facts),
      ...claims(part, home),
      ...workloads(part, home, facts),
      ...pods(part, home, facts),
      ...endpoints(part, home, facts),
      ...staleSecrets(part, home, facts),
      ...(part === "alloy" ? clusterRoles(facts) : []),
    ];
  });
}

function noNamespace(part: Part, { namespace }: Home): Finding {
  return {
    check: "namespace",
    part,
    severity: "error",
    problem: `namespace ${namespace} does not exist`,
    evidence: [`the settings put ${part} there`],
    meaning: `${part} is not installed`,
    remedy: ["bring the stack up: npm run up", "if it is up: check --stack, --context and the setting namespaces"],
  };
}

/** Kinds of a release without which the part does not work. A pod that lacks any other says so itself. */
const working = new Set<Kind>(["Service", "PersistentVolumeClaim", "Deployment", "StatefulSet", "DaemonSet", "Secret"]);

/** Objects that are missing. NetworkPolicies and ClusterRoles have checks of their own. */
function objects(part: Part, home: Home, { settings, owner }: Facts): Finding[] {
  const there: Partial<Record<Kind, readonly string[]>> = {
    ...home.names,
    ...named("Secret", home.secrets && [...home.secrets.keys()]),
    ...named("Service", home.services && [...home.services.keys()]),
    ...named("PersistentVolumeClaim", namesOf(home.claims)),
    ...named("Deployment", namesOf(home.deployments)),
    ...named("StatefulSet", namesOf(home.statefulSets)),
    ...named("DaemonSet", namesOf(home.daemonSets)),
  };
  return objectsOf(settings, owner)
    .filter((object) => object.part === part && (object.by !== "release" || working.has(object.kind)))
    .filter(({ kind, name }) => there[kind] !== undefined && !there[kind].includes(name))
    .map(({ kind, name }) => ({
      check: kind === "Secret" ? "secret" : "objects",
      part: placeOf(part, name),
      severity: "error",
      problem: `${kind} ${name} is missing from namespace ${home.namespace}`,
      evidence: [`${kind}s there: ${there[kind]?.join(", ") || "none"}`],
      meaning:
        kind === "Secret"
          ? `pods of ${part} that are started from now on can't read it; those that run still have its old content`
          : `${placeOf(part, name)} does not work without it`,
      remedy: upAgain,
    }));
}

function named(kind: Kind, names: readonly string[] | undefined): Partial<Record<Kind, readonly string[]>> {
  return names === undefined ? {} : { [kind]: names };
}

function namesOf(items: readonly { metadata?: { name?: string } }[] | undefined): string[] | undefined {
  return items?.map(({ metadata }) => metadata?.name ?? "");
}

function clusterRoles({ clusterRole, eventsRole, owner, settings }: Facts): Finding[] {
  const { alloy } = settings.namespaces;
  return [
    ...roleFindings(clusterRoleName(owner, alloy), clusterRole, {
      meaning: "Alloy may not ask the Kubernetes API about pods: it keeps the lines of new pods waiting or drops them",
      remedy: upAgain,
    }),
    ...roleFindings(eventsRoleName(owner, alloy), eventsRole, {
      meaning: "nobody reads the events of the cluster",
      remedy: [upAgain, `then start the reader again: kubectl -n ${alloy} rollout restart deployment ${eventsName}`],
    }),
  ];
}

function roleFindings(
  name: string,
  state: RoleState | undefined,
  consequence: Pick<Finding, "meaning" | "remedy">,
): Finding[] {
  if (state === undefined || (state.role && state.binding)) return [];
  const missing = [...(state.role ? [] : ["ClusterRole"]), ...(state.binding ? [] : ["ClusterRoleBinding"])];
  return [
    {
      check: "cluster-role",
      part: "alloy",
      severity: "error",
      problem: `${missing.join(" and ")} ${name} ${missing.length > 1 ? "are" : "is"} missing`,
      evidence: missing.map((kind) => `${kind} ${name}: not found`),
      ...consequence,
    },
  ];
}

function releases(part: Part, home: Home, { settings }: Facts): Finding[] {
  if (home.releases === undefined) return [];
  const newest = [...home.releases].sort((a, b) => b.revision - a.revision)[0];
  const chart = settings.charts[part];
  if (newest?.status === "deployed") return [];
  return [
    {
      check: "release",
      part,
      severity: newest === undefined || newest.status === "failed" ? "error" : "warning",
      problem:
        newest === undefined
          ? `Helm release ${part} does not exist in namespace ${home.namespace}`
          : `Helm release ${part} is ${newest.status} (revision ${newest.revision})`,
      evidence: [newest === undefined ? "no record of Helm" : `Secret ${newest.secret}: status ${newest.status}`],
      meaning:
        newest === undefined
          ? `${part} (chart ${chart.path ?? chart.version}) is not installed`
          : newest.status.startsWith("pending")
            ? "an up is at work, or was interrupted; Helm refuses other changes until then"
            : `the last up did not finish ${part}; what runs may be older than the settings`,
      remedy: "if no up is running: npm run up repairs what an interrupted one left behind, and continues",
    },
  ];
}

function claims(part: Part, { namespace, claims = [], events = [], pods = [] }: Home): Finding[] {
  // Others may have claims in an existing namespace.
  const used = pods.flatMap(({ spec }) =>
    (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
  );
  return claims
    .filter(({ metadata }) => used.includes(metadata?.name ?? ""))
    .filter(({ status }) => status?.phase === "Pending" || status?.phase === "Lost")
    .map(({ metadata, spec, status }: V1PersistentVolumeClaim) => {
      const name = metadata?.name ?? "";
      const user = pods.find(({ spec }) =>
        spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name),
      );
      const said = events.filter(
        ({ involvedObject }) => involvedObject.kind === "PersistentVolumeClaim" && involvedObject.name === name,
      );
      return {
        check: "volume",
        part: placeOf(part, user?.metadata?.name ?? ""),
        severity: "error",
        problem: `volume claim ${name} in namespace ${namespace} is ${status?.phase?.toLowerCase()}`,
        evidence: [
          `StorageClass: ${spec?.storageClassName ?? "none"}`,
          ...said.slice(-2).map(({ reason, message }) => `${reason}: ${message}`),
        ],
        meaning: "the pod that needs this volume does not start",
        remedy: [
          `see why: kubectl -n ${namespace} describe pvc ${name}`,
          "npm run preflight says whether the StorageClass exists",
        ],
      };
    });
}

/** Where an object of a part's namespace belongs. Loki works without the stack's own Alertmanager, which is in its. */
function placeOf(part: Part, name: string): Place {
  return part === "loki" && new RegExp(`^${alertmanagerName}(-\\d+)?$`).test(name) ? "alerting" : part;
}

/** Workloads of the stack that somebody has scaled to nothing: they have no pod that could be in trouble. */
function workloads(
  part: Part,
  { namespace, deployments = [], statefulSets = [] }: Home,
  { settings, owner }: Facts,
): Finding[] {
  const own = new Set(objectsOf(settings, owner).map(({ kind, name }) => `${kind} ${name}`));
  return [
    ...deployments.map((workload) => ["Deployment", workload] as const),
    ...statefulSets.map((workload) => ["StatefulSet", workload] as const),
  ]
    .filter(([kind, { metadata, spec }]) => spec?.replicas === 0 && own.has(`${kind} ${metadata?.name}`))
    .map(([kind, { metadata }]) => ({
      check: "workload",
      part: placeOf(part, metadata?.name ?? ""),
      severity: "error",
      problem: `${kind} ${metadata?.name} in namespace ${namespace} is scaled to 0`,
      evidence: ["spec.replicas is 0"],
      meaning: `${metadata?.name} does not run`,
      remedy: `kubectl -n ${namespace} scale ${kind.toLowerCase()} ${metadata?.name} --replicas=N, with the N of the settings`,
    }));
}

/** Reasons of a waiting container, and what they come from. */
const waits: [reasons: RegExp, what: string, remedy: string][] = [
  [
    /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull/,
    "its image can't be pulled",
    "check the settings images (registry, tag, images.mirror) and the pull Secret (images.pullSecrets)",
  ],
  [
    /CreateContainerConfigError/,
    "its container can't be made",
    "a Secret or ConfigMap that it reads is missing or lacks a key; npm run refresh and then npm run up make it again",
  ],
  [/CrashLoopBackOff/, "its container ends again and again", "read its last words: kubectl logs --previous"],
];

/** How long a pod may take to become ready before that is worth a finding, in ms. */
const patienceMs = 60_000;

function pods(part: Part, { namespace, pods = [] }: Home, { at }: Facts): Finding[] {
  return pods.flatMap((pod): Finding[] => {
    const [trouble] = troubleOf(pod);
    if (trouble === undefined || pod.metadata?.deletionTimestamp !== undefined) return [];
    const name = pod.metadata?.name ?? "";
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    const reasons = statuses.flatMap(({ state }) => state?.waiting?.reason ?? []).join(" ");
    const unscheduled = pod.status?.conditions?.some(
      ({ type, status }) => type === "PodScheduled" && status === "False",
    );
    const [, what, remedy] = waits.find(([pattern]) => pattern.test(reasons)) ?? [];
    const young = at.getTime() - (pod.metadata?.creationTimestamp?.getTime() ?? 0) < patienceMs;
    const plain = what === undefined && unscheduled !== true;
    return [
      {
        check: "pods",
        part: placeOf(part, name),
        severity: plain && young ? "warning" : "error",
        problem: `pod ${name} in namespace ${namespace}: ${
          unscheduled ? "no node takes it" : (what ?? (young ? "is starting" : "is not ready"))
        }`,
        evidence: [trouble],
        meaning: `${placeOf(part, name)} works without this pod, or not at all`,
        remedy: unscheduled
          ? "npm run preflight compares what the stack requests with what the nodes have"
          : (remedy ?? `see why: kubectl -n ${namespace} describe pod ${name}`),
      },
    ];
  });
}

function endpoints(part: Part, { namespace, services }: Home, { settings, owner }: Facts): Finding[] {
  if (services === undefined) return [];
  return objectsOf(settings, owner)
    .filter(({ kind, part: home, name }) => kind === "Service" && home === part && services.get(name) === 0)
    .map(({ name }) => ({
      check: "endpoints",
      part: placeOf(part, name),
      severity: "error",
      problem: `Service ${name} in namespace ${namespace} has no ready pod`,
      evidence: [`EndpointSlices of ${namespace}/${name}: no ready endpoint`],
      meaning: "whoever connects to it is refused",
      remedy: `compare its selector with the pods: kubectl -n ${namespace} get svc ${name} -o wide`,
    }));
}

/** Secrets whose content pods read only as they start, by the part that reads them. */
const readAtStart = (settings: Settings): readonly [part: Part, secret: string][] => [
  ["minio", secretNames.minioRoot],
  ["loki", storeOf(settings).storeSecret],
  ["alloy", secretNames.gatewayLogin],
  ["grafana", secretNames.gatewayLogin],
];

function staleSecrets(part: Part, { namespace, pods = [], secrets }: Home, { settings }: Facts): Finding[] {
  return readAtStart(settings).flatMap(([reader, secret]): Finding[] => {
    const changed = secrets?.get(secret);
    if (reader !== part || changed === undefined) return [];
    const old = pods.filter((pod) => reads(pod, secret) && (startOf(pod)?.getTime() ?? Infinity) < changed.getTime());
    if (old.length === 0) return [];
    return [
      {
        check: "stale-secret",
        part,
        severity: "warning",
        problem: `${old.length === 1 ? "a pod" : `${old.length} pods`} of ${part} started before Secret ${secret} was changed`,
        evidence: [
          `Secret ${namespace}/${secret} was written at ${changed.toISOString()}`,
          ...old.map((pod) => `pod ${pod.metadata?.name} started at ${startOf(pod)?.toISOString()}`),
        ],
        meaning: "pods read it only as they start: these still log in with the old content, if that changed",
        remedy: `restart them: kubectl -n ${namespace} rollout restart ${kindOf(old[0])}`,
      },
    ];
  });
}

function kindOf(pod: V1Pod | undefined): string {
  const owner = pod?.metadata?.ownerReferences?.[0]?.kind ?? "";
  return owner === "ReplicaSet" ? "deployment" : owner.toLowerCase();
}

function reads({ spec }: V1Pod, secret: string): boolean {
  return (spec?.containers ?? []).some(
    ({ env = [], envFrom = [] }) =>
      env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === secret) ||
      envFrom.some(({ secretRef }) => secretRef?.name === secret),
  );
}

/** When the oldest running container of a pod started. */
function startOf({ status }: V1Pod): Date | undefined {
  const starts = (status?.containerStatuses ?? []).flatMap(({ state }) => state?.running?.startedAt ?? []);
  return starts.length === 0 ? undefined : new Date(Math.min(...starts.map((start) => new Date(start).getTime())));
}

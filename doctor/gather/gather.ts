import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, DiscoveryV1Api, RbacAuthorizationV1Api, VersionApi, type V1Node } from "@kubernetes/client-node";
import { unreachable } from "../../cluster/clusterFacts";
import { storeFacts } from "../../cluster/storeTrial";
import { secretContent } from "../../cluster/secret";
import { basicLogin } from "../../domain/basicLogin";
import { gatewayVariables, podPorts, ports, secretNames } from "../../domain/names";
import { usedParts, type Part } from "../../domain/parts";
import { clusterRoleName, eventsRoleName } from "../../render/ownership";
import { speaksTls } from "../../render/tls";
import type { Facts, Home, RoleState, StoreState, VolumeUse } from "../facts";
import { alertmanagersOf, rulesOf } from "./alerting";
import { homeOf, type Place } from "./home";
import { newestIn } from "./loki";
import { Sight } from "./sight";
import { storeOf } from "./store";
import {
  alloysOf,
  canariesOf,
  grafanasOf,
  inTurns,
  lokiReader,
  lokisOf,
  miniosOf,
  running,
  watchedAgain,
  Web,
  type Door,
} from "./web";

/**
 * Seconds between the two looks at counters. What happened before the first look is over; what grows between them goes
 * on.
 */
const secondsApart = 10;

/**
 * Looks at a stack and its cluster. Changes nothing, and works with whatever rights the kubeconfig's user has.
 * @throws OperatorError if the cluster can't be reached
 */
export async function gather(target: Omit<Place, "sight">): Promise<Facts> {
  const { kubeConfig, settings, owner } = target;
  const at = new Date();
  try {
    await kubeConfig.makeApiClient(VersionApi).getCode();
  } catch (error) {
    throw unreachable(kubeConfig, error);
  }
  const sight = new Sight();
  const place: Place = { ...target, sight };
  const web = new Web(place);
  const parts = usedParts(settings);
  const [nodes, dnsReady, clusterRole, eventsRole, found] = await Promise.all([
    nodesOf(place),
    dnsOf(place),
    roleOf(place, clusterRoleName(owner, settings.namespaces.alloy)),
    settings.alloy.events.enabled ? roleOf(place, eventsRoleName(owner, settings.namespaces.alloy)) : undefined,
    Promise.all(parts.map(async (part): Promise<[Part, Home]> => [part, await homeOf(part, place)])),
  ]);
  const homes: Partial<Record<Part, Home>> = Object.fromEntries(found);
  const podsOf = (part: Part) => homes[part]?.pods ?? [];
  const began = Date.now();
  const secured = speaksTls(settings.tls);
  const hasMinio = running(podsOf("minio")).length > 0;
  const [lokis, alloys, canaries, minios, store, logins, newest, volumes, rules, alertmanagers, grafanas] =
    await Promise.all([
      lokisOf(web, podsOf("loki")),
      alloysOf(web, podsOf("alloy")),
      canariesOf(web, podsOf("alloy")),
      miniosOf(web, podsOf("minio"), secured),
      storeState(place, hasMinio),
      loginsOf(place, web, podsOf("loki").find(isGateway)),
      newestByNode(settings.tenant, web, { nodes: nodes ?? [], pods: podsOf("loki") }),
      volumesOf(place, nodes ?? []),
      rulesOf(settings, web, podsOf("loki")),
      alertmanagersOf(place, web, homes.loki?.pods),
      grafanasOf(web, podsOf("grafana")),
    ]);
  await sleep(Math.max(0, secondsApart * 1000 - (Date.now() - began)));
  const podNamed = (part: Part, name: string) => podsOf(part).find(({ metadata }) => metadata?.name === name)!;
  const [lokisAgain, alloysAgain, canariesAgain] = await Promise.all([
    watchedAgain(lokis, ({ pod }) => web.metrics({ part: "loki", pod: podNamed("loki", pod), port: ports.lokiHttp })),
    watchedAgain(alloys, ({ pod }) => web.metrics({ part: "alloy", pod: podNamed("alloy", pod), port: ports.alloy })),
    watchedAgain(canaries, ({ pod }) =>
      web.metrics({ part: "alloy", pod: podNamed("alloy", pod), port: ports.canary }),
    ),
  ]);
  return {
    at,
    settings,
    owner,
    nodes,
    dnsReady,
    clusterRole,
    eventsRole,
    homes,
    lokis: lokisAgain,
    alloys: alloysAgain,
    canaries: canariesAgain,
    minios,
    store,
    logins,
    rules,
    alertmanagers,
    grafanas,
    newest,
    volumes,
    shown: web.shown,
    unseen: sight.unseen,
  };
}

async function storeState(place: Place, hasMinio: boolean): Promise<StoreState> {
  const { kubeConfig, settings, sight } = place;
  const [own, existing] = await Promise.all([
    hasMinio ? storeOf(place) : {},
    settings.objectStore.kind === "s3"
      ? sight.see(`get secrets in ${settings.namespaces.loki}`, () =>
          storeFacts(kubeConfig, settings, { writes: false }),
        )
      : undefined,
  ]);
  return { ...own, ...(existing === undefined ? {} : { existing }) };
}

async function nodesOf({ kubeConfig, sight }: Place): Promise<V1Node[] | undefined> {
  return (await sight.see("list nodes", () => kubeConfig.makeApiClient(CoreV1Api).listNode()))?.items;
}

async function dnsOf({ kubeConfig, sight }: Place): Promise<number | undefined> {
  const namespace = "kube-system";
  const slices = await sight.see(`list endpointslices in ${namespace}`, () =>
    kubeConfig
      .makeApiClient(DiscoveryV1Api)
      .listNamespacedEndpointSlice({ namespace, labelSelector: "kubernetes.io/service-name=kube-dns" }),
  );
  // A cluster whose DNS has another Service has none here; that tells nothing.
  if (slices === undefined || slices.items.length === 0) return undefined;
  return slices.items
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
}

async function roleOf({ kubeConfig, sight }: Place, name: string): Promise<RoleState | undefined> {
  const rbac = kubeConfig.makeApiClient(RbacAuthorizationV1Api);
  const [role, binding] = await Promise.all([
    sight.one("get clusterroles", () => rbac.readClusterRole({ name })),
    sight.one("get clusterrolebindings", () => rbac.readClusterRoleBinding({ name })),
  ]);
  return role === undefined || binding === undefined ? undefined : { role: role !== null, binding: binding !== null };
}

function isGateway({ metadata }: { metadata?: { labels?: Record<string, string> } }): boolean {
  return metadata?.labels?.["app.kubernetes.io/component"] === "gateway";
}

/** How Loki's gateway answers the logins that Alloy and Grafana have in their Secrets. */
async function loginsOf(
  { kubeConfig, settings, sight }: Place,
  web: Web,
  gateway: Door["pod"] | undefined,
): Promise<Facts["logins"]> {
  if (settings.gateway.authentication === "none" || gateway === undefined) return {};
  const secured = speaksTls(settings.tls);
  const parts = usedParts(settings).filter((part) => part === "alloy" || part === "grafana");
  const answers = await Promise.all(
    parts.map(async (part): Promise<[Part, number][]> => {
      const namespace = settings.namespaces[part];
      const name = secretNames.gatewayLogin;
      const content = await sight.one(`get secret ${name} in ${namespace}`, () =>
        secretContent(kubeConfig, { namespace, name }),
      );
      if (content === undefined || content === null) return [];
      const login = basicLogin(content[gatewayVariables.user] ?? "", content[gatewayVariables.password] ?? "");
      const door = { part: "loki" as const, pod: gateway, port: podPorts.gateway, tls: secured };
      const answer = await web.ask(door, labelsPath, login);
      return answer !== undefined && "status" in answer ? [[part, answer.status]] : [];
    }),
  );
  return Object.fromEntries(answers.flat());
}

const labelsPath = "/loki/api/v1/labels?since=1h";

/** Time of the newest line of each node within the last hour, asked from a Loki that answers queries. */
async function newestByNode(
  tenant: string,
  web: Web,
  { nodes, pods }: { nodes: readonly V1Node[]; pods: readonly Door["pod"][] },
): Promise<Map<string, Date | null>> {
  const reader = lokiReader(pods);
  if (reader === undefined) return new Map();
  const found = await inTurns(nodes, async ({ metadata }): Promise<[string, Date | null][]> => {
    const node = metadata?.name ?? "";
    const query = new URLSearchParams({
      query: `{node=${JSON.stringify(node)}}`,
      since: "1h",
      limit: "1",
      direction: "backward",
    });
    const answer = await web.ask(
      { part: "loki", pod: reader, port: ports.lokiHttp },
      `/loki/api/v1/query_range?${query.toString()}`,
      { "X-Scope-OrgID": tenant },
    );
    return answer !== undefined && "status" in answer && answer.status === 200 ? [[node, newestIn(answer.body)]] : [];
  });
  return new Map(found.flat());
}

interface Summary {
  pods?: {
    podRef: { namespace: string; name: string };
    volume?: { availableBytes?: number; capacityBytes?: number; pvcRef?: { name: string } }[];
  }[];
}

/** How full the volumes of the platform's pods are, as the kubelets measure it. */
async function volumesOf({ kubeConfig, settings, sight }: Place, nodes: readonly V1Node[]): Promise<VolumeUse[]> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const namespaces = new Set(Object.values(settings.namespaces));
  const found = await inTurns(nodes, async ({ metadata }) => {
    const summary = await sight.see("get nodes/proxy", async () => {
      const answer: unknown = await core.connectGetNodeProxyWithPath({
        name: metadata?.name ?? "",
        path: "stats/summary",
      });
      return (typeof answer === "string" ? JSON.parse(answer) : answer) as Summary;
    });
    return (summary?.pods ?? [])
      .filter(({ podRef }) => namespaces.has(podRef.namespace))
      .flatMap(({ podRef, volume = [] }) =>
        volume.flatMap(({ availableBytes: freeBytes, capacityBytes, pvcRef }) =>
          pvcRef === undefined || freeBytes === undefined || capacityBytes === undefined
            ? []
            : [{ namespace: podRef.namespace, pod: podRef.name, claim: pvcRef.name, freeBytes, capacityBytes }],
        ),
      );
  });
  return found.flat();
}

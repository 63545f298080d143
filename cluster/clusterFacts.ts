import { isIP } from "node:net";
import {
  AuthorizationV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  StorageV1Api,
  VersionApi,
  type KubeConfig,
  type V1Node,
  type V1Pod,
  type V1ResourceAttributes,
} from "@kubernetes/client-node";
import { parseQuantity } from "../domain/quantity";
import { codeOf, OperatorError, textOf } from "../domain/problem";
import { canRun } from "../render/alloy/nodes";
import { withoutLogin } from "./proxy";
import { ifSeen } from "./looks";
import { sum, type Amount, type ClusterFacts, type NodeFacts } from "./preflight";

/** Rights for this look at the cluster, for what `up` creates, and for the tunnel. */
const rights: V1ResourceAttributes[] = [
  { verb: "list", resource: "nodes" },
  { verb: "list", resource: "pods" },
  { verb: "list", group: "storage.k8s.io", resource: "storageclasses" },
  { verb: "create", resource: "namespaces" },
  { verb: "create", resource: "secrets" },
  { verb: "create", resource: "configmaps" },
  { verb: "create", resource: "services" },
  { verb: "create", resource: "serviceaccounts" },
  { verb: "create", resource: "resourcequotas" },
  { verb: "create", resource: "persistentvolumeclaims" },
  { verb: "create", resource: "pods", subresource: "portforward" },
  { verb: "create", group: "apps", resource: "deployments" },
  { verb: "create", group: "apps", resource: "statefulsets" },
  { verb: "create", group: "apps", resource: "daemonsets" },
  { verb: "create", group: "batch", resource: "jobs" },
  { verb: "create", group: "policy", resource: "poddisruptionbudgets" },
  { verb: "create", group: "networking.k8s.io", resource: "networkpolicies" },
  { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles" },
  { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterrolebindings" },
];

/** How to tell a stack's own pods and namespaces from those of others. */
export interface OwnStack {
  /** Whether a pod is the stack's own, so that its requests do not count as those of others. */
  isOwn: (pod: V1Pod) => boolean;
  /** Whether it makes namespaces. */
  makesNamespaces: boolean;
}

/**
 * Looks at a cluster without changing anything.
 * @throws OperatorError that says why the cluster can't be reached.
 */
export async function gatherFacts(kubeConfig: KubeConfig, { isOwn, makesNamespaces }: OwnStack): Promise<ClusterFacts> {
  const wanted = rights.filter(({ resource }) => makesNamespaces || resource !== "namespaces");
  const core = kubeConfig.makeApiClient(CoreV1Api);
  try {
    const { gitVersion } = await kubeConfig.makeApiClient(VersionApi).getCode();
    const [missingRights, nodes, pods, classes, servers, podSecurity] = await Promise.all([
      missing(kubeConfig, wanted),
      ifSeen(core.listNode(), undefined),
      ifSeen(
        core.listPodForAllNamespaces({ fieldSelector: "status.phase!=Succeeded,status.phase!=Failed" }),
        undefined,
      ),
      ifSeen(kubeConfig.makeApiClient(StorageV1Api).listStorageClass(), undefined),
      ifSeen(
        kubeConfig.makeApiClient(DiscoveryV1Api).listNamespacedEndpointSlice({
          namespace: "default",
          labelSelector: "kubernetes.io/service-name=kubernetes",
        }),
        undefined,
      ),
      enforcesPodSecurity(core),
    ]);
    const others = (pods?.items ?? []).filter((pod) => !isOwn(pod));
    return {
      version: gitVersion,
      nodes: nodes?.items.map((node) => nodeFacts(node, others)),
      storageClasses: classes?.items.map(({ metadata }) => ({
        name: metadata?.name ?? "",
        isDefault: metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
      })),
      apiServerPorts: servers?.items.flatMap(({ ports }) => ports ?? []).flatMap(({ port }) => port ?? []),
      ipFamilies: familiesOf(pods?.items ?? []),
      missingRights,
      podSecurity,
    };
  } catch (error) {
    throw unreachable(kubeConfig, error);
  }
}

/** Why a cluster can't be used, and what to do about it. Pure. */
export function unreachable(kubeConfig: KubeConfig, error: unknown): OperatorError {
  const code = codeOf(error);
  const text = textOf(error);
  const { proxyUrl, server } = kubeConfig.getCurrentCluster() ?? {};
  const proxy = proxyUrl === undefined ? "" : `, through the proxy ${withoutLogin(proxyUrl)}`;
  const where = `The cluster of context "${kubeConfig.getCurrentContext()}" (${server}${proxy})`;
  const causes: [when: boolean, what: string, remedy: string][] = [
    [
      code === 401 || /system:anonymous/.test(text),
      "does not know you: your credentials are wrong or expired",
      "log in to the cluster again, or choose another context with --context",
    ],
    [
      code === 403,
      `does not even let you look: ${apiMessage(text)}`,
      "ask its administrator for the rights to install software, or choose another context with --context",
    ],
    [
      code === "ECONNREFUSED",
      "refuses the connection: nothing listens at that address",
      "start the cluster, or choose another context with --context",
    ],
    [
      code === "ENOTFOUND" || code === "EAI_AGAIN",
      "has an address that can't be resolved",
      "check the network (VPN?) and the kubeconfig's `server`",
    ],
    [
      code === "ETIMEDOUT" || code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "UND_ERR_CONNECT_TIMEOUT",
      "does not answer",
      "check the network (VPN, firewall), or choose another context with --context",
    ],
    [
      /certificate|SSL|TLS|self.signed|wrong version number|EPROTO/i.test(`${String(code)} ${text}`),
      `can't be trusted: ${text}`,
      "the kubeconfig has another certificate authority than the cluster: fetch the kubeconfig again",
    ],
    [
      code === "ENOENT",
      `can't be asked: the kubeconfig names a program or file that does not exist here (${text})`,
      "install the login plug-in that the kubeconfig names under users[].user.exec.command",
    ],
  ];
  const cause = causes.find(([applies]) => applies);
  return new OperatorError(
    `${where} ${cause?.[1] ?? `can't be reached: ${text}`}.`,
    cause?.[2] ?? "check the kubeconfig, or choose another context with --context",
    { cause: error, code: "cluster" },
  );
}

async function missing(kubeConfig: KubeConfig, wanted: readonly V1ResourceAttributes[]): Promise<string[]> {
  const authorization = kubeConfig.makeApiClient(AuthorizationV1Api);
  const answers = await Promise.all(
    wanted.map(async (resourceAttributes) => {
      const { status } = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
      const { verb, resource, subresource } = resourceAttributes;
      return status?.allowed === true
        ? []
        : [`${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`];
    }),
  );
  return answers.flat();
}

/**
 * If the admission plug-in is on, it refuses a namespace whose label names an unknown level. A dry run creates nothing.
 */
async function enforcesPodSecurity(core: CoreV1Api): Promise<boolean | undefined> {
  const body = {
    metadata: {
      generateName: "logharbor-preflight-",
      labels: { "pod-security.kubernetes.io/enforce": "no-such-level" },
    },
  };
  try {
    await core.createNamespace({ body, dryRun: "All" });
    return false;
  } catch (error) {
    return codeOf(error) === 422 ? true : undefined;
  }
}

/** Families of the addresses of the first pod that has its own. Pure. */
export function familiesOf(pods: readonly V1Pod[]): ClusterFacts["ipFamilies"] {
  const pod = pods.find(({ spec, status }) => spec?.hostNetwork !== true && (status?.podIPs ?? []).length > 0);
  return pod?.status?.podIPs?.map(({ ip }) => (isIP(ip) === 6 ? "IPv6" : "IPv4"));
}

function nodeFacts({ metadata, spec, status }: V1Node, pods: readonly V1Pod[]): NodeFacts {
  const name = metadata?.name ?? "";
  const zone = metadata?.labels?.["topology.kubernetes.io/zone"];
  return {
    name,
    ...(zone === undefined ? {} : { zone }),
    runtime: status?.nodeInfo?.containerRuntimeVersion,
    ready: status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false,
    schedulable:
      canRun(metadata?.labels) &&
      spec?.unschedulable !== true &&
      !(spec?.taints ?? []).some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute"),
    capacity: amount(status?.capacity),
    allocatable: amount(status?.allocatable),
    requested: sum(pods.filter((pod) => pod.spec?.nodeName === name).map(podRequests)),
  };
}

/**
 * What a pod requests on its node: its containers and sidecars together, or its largest init container if that is more.
 * Pure.
 */
export function podRequests({ spec }: V1Pod): Amount {
  const init = spec?.initContainers ?? [];
  const sidecars = init.filter(({ restartPolicy }) => restartPolicy === "Always");
  const running = sum([...(spec?.containers ?? []), ...sidecars].map(({ resources }) => amount(resources?.requests)));
  const first = init.map(({ resources }) => amount(resources?.requests));
  return {
    cpu: Math.max(running.cpu, ...first.map(({ cpu }) => cpu)),
    memory: Math.max(running.memory, ...first.map(({ memory }) => memory)),
  };
}

function amount(quantities: Record<string, string> | undefined): Amount {
  return { cpu: parseQuantity(quantities?.cpu ?? "0"), memory: parseQuantity(quantities?.memory ?? "0") };
}

/** The API client's error text holds the whole response; the message of the Status object is enough. */
function apiMessage(text: string): string {
  return (/\\"message\\":\\"(.*?)\\",/.exec(text)?.[1] ?? text.split("\n")[0] ?? text).replaceAll("\\", "");
}

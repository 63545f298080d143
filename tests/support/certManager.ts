import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ApiextensionsV1Api,
  KubernetesObjectApi,
  loadYaml,
  PatchStrategy,
  type KubernetesObject,
  type V1CustomResourceDefinition,
  type V1PodSpec,
} from "@kubernetes/client-node";
import { codeOf } from "../../domain/problem";
import { imageName } from "../../local/cluster/imageName";
import { keptBy } from "../../local/builds/build";
import type { TestCluster } from "./cluster";
import { waitFor } from "./wait";

/** Fields that cert-manager.io's Issuers and Certificates share. */
export interface Resource extends KubernetesObject {
  spec: object;
  status?: { conditions?: { type: string; status: string; message: string }[] };
}

const namespace = "cert-manager";
const apiVersion = "cert-manager.io/v1";
const binding = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "cert-manager" },
};

/**
 * Whether the cluster has cert-manager's image. A full run compiles it, but not for kind, where images come from their
 * registries.
 * @param seconds how long to wait for it: the node tells of a new image up to a minute later
 */
export async function hasCertManager({ core }: TestCluster, seconds: number): Promise<boolean> {
  const told = async () => {
    const { items } = await core.listNode();
    const images = items.flatMap(({ status }) => status?.images ?? []);
    return images.some(({ names }) => names?.includes(imageName("cert-manager"))) ? true : undefined;
  };
  return waitFor("cert-manager's image", seconds, told).catch(() => false);
}

/**
 * Installs cert-manager, calls `work` with the ClusterIssuer of a CA, and removes cert-manager with its CRDs, and so
 * all Issuers and Certificates. The Secrets of Certificates in other namespaces stay, because cert-manager leaves them.
 */
export async function withCertManager<T>(
  cluster: TestCluster,
  work: (clusterIssuer: string) => Promise<T>,
): Promise<T> {
  const apply = <R extends KubernetesObject>(object: R) => applyTo(cluster, object);
  try {
    await cluster.createNamespace(namespace);
    for (const definition of definitions()) await apply(definition);
    for (const object of controllers()) await apply(object);

    const issuer = (name: string, spec: object): Resource => ({
      apiVersion,
      kind: "ClusterIssuer",
      metadata: { name },
      spec,
    });
    const root = {
      isCA: true,
      commonName: "e2e root",
      secretName: "root",
      issuerRef: { kind: "ClusterIssuer", name: "self-signed" },
    };
    // The API server knows the new kinds a moment after their definitions.
    const authority = await waitFor("cert-manager's API", 30, async () => {
      await apply(issuer("self-signed", { selfSigned: {} }));
      await apply({ apiVersion, kind: "Certificate", metadata: { namespace, name: "root" }, spec: root });
      return apply(issuer("e2e-ca", { ca: { secretName: "root" } }));
    });
    await untilReady(cluster, authority);
    return await work("e2e-ca");
  } finally {
    await remove(cluster);
  }
}

/** Creates or updates an object. */
export async function applyTo<R extends KubernetesObject>(cluster: TestCluster, object: R): Promise<R> {
  const api = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
  return api.patch<R>(object, undefined, undefined, "logharbor-e2e", true, PatchStrategy.ServerSideApply);
}

/** Waits until cert-manager reports an Issuer or Certificate as ready. */
export async function untilReady(cluster: TestCluster, { kind = "", metadata }: Resource): Promise<Resource> {
  const { name = "", namespace: of } = metadata ?? {};
  return waitFor(`${kind} ${name}`, 120, async () => {
    const now = await KubernetesObjectApi.makeApiClient(cluster.kubeConfig).read<Resource>({
      apiVersion,
      kind,
      metadata: { name, namespace: of ?? "" },
    });
    const condition = now.status?.conditions?.find(({ type }) => type === "Ready");
    if (condition?.status !== "True") throw new Error(condition?.message ?? "no controller has seen it yet");
    return now;
  });
}

/** The CRDs of the release that we compile. */
function definitions(): V1CustomResourceDefinition[] {
  const dir = keptBy("cert-manager");
  const files = readdirSync(dir).filter((file) => file.endsWith(".yaml"));
  // Read with the client's own reader: of an object from another reader it would drop the x-kubernetes-… fields.
  return files.map((file) => loadYaml<V1CustomResourceDefinition>(readFileSync(join(dir, file), "utf8")));
}

/** Its controllers. They run as administrator, because this is a test cluster. */
function controllers(): KubernetesObject[] {
  const metadata = { namespace, name: "cert-manager" };
  const labels = { app: "cert-manager" };
  const pod: V1PodSpec = {
    serviceAccountName: "cert-manager",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "cert-manager",
        image: imageName("cert-manager"),
        args: [`--cluster-resource-namespace=${namespace}`],
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  };
  const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" };
  const objects = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { ...binding, roleRef: role, subjects: [{ kind: "ServiceAccount", ...metadata }] },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
  ];
  return objects;
}

/** Removes all of it, including what a failed start has left, and waits until it is gone. */
async function remove(cluster: TestCluster): Promise<void> {
  const extensions = cluster.kubeConfig.makeApiClient(ApiextensionsV1Api);
  await cluster.removeNamespace(namespace).catch(unlessGone);
  await KubernetesObjectApi.makeApiClient(cluster.kubeConfig).delete(binding).catch(unlessGone);
  for (const { metadata } of definitions())
    await extensions.deleteCustomResourceDefinition({ name: metadata?.name ?? "" }).catch(unlessGone);
  await waitFor("cert-manager's end", 120, async () => {
    const { items } = await extensions.listCustomResourceDefinition();
    const left =
      items.some(({ spec }) => spec.group.endsWith("cert-manager.io")) || (await cluster.hasNamespace(namespace));
    return left ? undefined : true;
  });
}

function unlessGone(error: unknown): void {
  if (codeOf(error) !== 404) throw error;
}

import { KubeConfig, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import type { TestCluster } from "./cluster";

/**
 * Calls `work` as a new user who may only look (ClusterRole `view`), and only in some namespaces.
 * @param home a namespace for the user, which is made and removed
 */
export async function asViewer(
  cluster: TestCluster,
  home: string,
  { namespaces }: { namespaces: readonly string[] },
  work: (kubeConfig: KubeConfig) => Promise<void>,
): Promise<void> {
  const rbac = cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
  const name = "e2e-viewer";
  await cluster.withNamespace(home, async () => {
    await cluster.core.createNamespacedServiceAccount({ namespace: home, body: { metadata: { name } } });
    const { status } = await cluster.core.createNamespacedServiceAccountToken({
      namespace: home,
      name,
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    const user = new KubeConfig();
    user.loadFromClusterAndUser(cluster.kubeConfig.getCurrentCluster()!, { name, token: status?.token });
    try {
      for (const namespace of namespaces)
        await rbac.createNamespacedRoleBinding({
          namespace,
          body: {
            metadata: { name },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
            subjects: [{ kind: "ServiceAccount", name, namespace: home }],
          },
        });
      await work(user);
    } finally {
      for (const namespace of namespaces) await rbac.deleteNamespacedRoleBinding({ namespace, name });
    }
  });
}

import {
  ApiextensionsV1Api,
  CustomObjectsApi,
  type KubernetesObject,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { codeOf } from "../../domain/problem";
import { applyTo } from "./certManager";
import type { TestCluster } from "./cluster";
import { waitFor } from "./wait";

/*
 * Test double of the Prometheus operator: the definitions of its two kinds, written by us, which accept any spec, and
 * no operator behind them. It shows that the stack finds the kinds and makes its objects, not that the operator likes
 * these objects.
 */

const group = "monitoring.coreos.com";
const kinds = { servicemonitors: "ServiceMonitor", prometheusrules: "PrometheusRule" } as const;

/** Gives the cluster both kinds. */
export async function addOperatorDouble(cluster: TestCluster): Promise<void> {
  for (const [plural, kind] of Object.entries(kinds)) await applyTo(cluster, definition(plural, kind));
  await waitFor("the kinds of the operator's double", 60, async () => {
    await Promise.all(Object.keys(kinds).map(async (plural) => operatorObjects(cluster, plural as keyof typeof kinds)));
    return true;
  });
}

/** Takes both kinds away, with all their objects. */
export async function removeOperatorDouble(cluster: TestCluster): Promise<void> {
  const api = cluster.kubeConfig.makeApiClient(ApiextensionsV1Api);
  for (const plural of Object.keys(kinds))
    await api.deleteCustomResourceDefinition({ name: `${plural}.${group}` }).catch((error: unknown) => {
      if (codeOf(error) !== 404) throw error;
    });
}

/** `namespace/name` of every object of a kind, sorted. */
export async function operatorObjects(cluster: TestCluster, plural: keyof typeof kinds): Promise<string[]> {
  const { items } = (await cluster.kubeConfig
    .makeApiClient(CustomObjectsApi)
    .listClusterCustomObject({ group, version: "v1", plural })) as { items: KubernetesObject[] };
  return items.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`).sort();
}

function definition(plural: string, kind: string): V1CustomResourceDefinition {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: { "logharbor.io/double": "prometheus-operator" } },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: anything } } },
        },
      ],
    },
  };
}

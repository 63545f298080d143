import { NetworkingV1Api, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { clusterRoleName } from "../../../render/ownership";
import type { Platform } from "../../support/platform";
import { broken, madeAgain, patched, type DoctorFault } from "./fault";

const daemonSet = ({ settings }: Platform) => `/apis/apps/v1/namespaces/${settings.namespaces.alloy}/daemonsets/alloy`;

/** Changes Alloy's pipeline, and starts Alloy with it. */
function withPipeline(change: (pipeline: string) => string): DoctorFault["within"] {
  return async (p, work) => {
    const { workloads, cluster, settings } = p;
    const at = { namespace: settings.namespaces.alloy, name: "alloy" };
    const path = `/api/v1/namespaces/${at.namespace}/configmaps/${at.name}`;
    const { data = {} } = await cluster.core.readNamespacedConfigMap(at);
    const [key, pipeline] = Object.entries(data)[0] ?? ["", ""];
    try {
      await patched(p, path, { data: { [key]: change(pipeline) } });
      await Promise.all((await cluster.podsOf(workloads.alloy)).map(async (pod) => cluster.end(pod)));
      await work();
    } finally {
      await patched(p, path, { data });
      await cluster.restart(workloads.alloy);
    }
  };
}

/** Faults of the collection of lines. */
export const alloyFaults: readonly DoctorFault[] = [
  {
    title: "a pipeline that Alloy can't read",
    cause: "alloy/pods",
    within: withPipeline((pipeline) => `${pipeline}\nloki.nothing "here" {`),
  },
  {
    title: "an Alloy that sends as another tenant",
    cause: "alloy/tenant",
    within: withPipeline((pipeline) => pipeline.replace(/tenant_id( *)= "[^"]+"/, 'tenant_id$1= "somebody"')),
  },
  {
    title: "Alloy's ClusterRole that is gone",
    cause: "alloy/cluster-role",
    within: broken((p) => {
      const rbac = p.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
      return rbac.deleteClusterRole({ name: clusterRoleName({ stack: p.stackName }, p.settings.namespaces.alloy) });
    }, madeAgain),
  },
  {
    title: "a network policy that is gone",
    cause: "alloy/policy",
    within: broken((p) => {
      const networking = p.cluster.kubeConfig.makeApiClient(NetworkingV1Api);
      return networking.deleteNamespacedNetworkPolicy({ namespace: p.settings.namespaces.alloy, name: "alloy" });
    }, madeAgain),
  },
  {
    title: "an Alloy that no node takes",
    cause: "alloy/collector-missing",
    within: broken(
      (p) => patched(p, daemonSet(p), { spec: { template: { spec: { nodeSelector: { nowhere: "true" } } } } }),
      (p) => patched(p, daemonSet(p), { spec: { template: { spec: { nodeSelector: null } } } }),
    ),
  },
  {
    title: "an image that can't be pulled",
    cause: "alloy/pods",
    within: async (p, work) => {
      const { spec } = await p.cluster.apps.readNamespacedDaemonSet({
        namespace: p.settings.namespaces.alloy,
        name: "alloy",
      });
      const [first, ...others] = spec!.template.spec!.containers;
      const withImage = (image: string) => ({
        spec: { template: { spec: { containers: [{ ...first, image }, ...others] } } },
      });
      try {
        await patched(p, daemonSet(p), withImage("registry.invalid/alloy:none"));
        await work();
      } finally {
        await patched(p, daemonSet(p), withImage(first!.image!));
      }
    },
  },
  {
    title: "a password of Alloy that the gateway refuses",
    cause: "alloy/gateway-login",
    within: async (p, work) => {
      const gateway = { gateway: { authentication: "basic" } };
      await p.withSettings(gateway, async () => {
        const path = `/api/v1/namespaces/${p.settings.namespaces.alloy}/secrets/loki-gateway-login`;
        await patched(p, path, { stringData: { LOKI_PASSWORD: "an-old-one" } });
        await work(gateway);
      });
    },
  },
];

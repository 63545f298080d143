import { alloyPipeline } from "./pipeline";
import { secretNames } from "../../domain/names";
import { positionsPath } from "../ownership";
import { trustOf } from "../tls";
import type { AlloySpec } from "./spec";
import { containerResources, restrictedContainer, restrictedPod, secretRefs, type Labels, type Values } from "../pod";

/** Where Alloy keeps the positions it has read; the chart's default, under /tmp, is lost with the container. */
const storagePath = "/var/lib/alloy";

/** The user of Alloy's image. */
const user = 473;

/** Values of Alloy's chart. */
export function alloyValues(spec: AlloySpec, podLabels: Labels = {}): Values {
  const { image, login, namespace, pullSecrets, resources, source } = spec;
  const files = source === "files";
  const trust = trustOf(spec);
  return {
    fullnameOverride: "alloy",
    // The CRDs are for sources that we do not use.
    crds: { create: false },
    global: {
      image: { pullSecrets: secretRefs(pullSecrets) },
      // The kubelet's log files belong to root and only to root.
      podSecurityContext: files
        ? { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: "RuntimeDefault" } }
        : restrictedPod(user),
    },
    image,
    // The checksum annotation rolls the pods when the pipeline changes; a reloader would be one more image.
    configReloader: { enabled: false },
    // The chart's rules read every Secret and ConfigMap of the cluster, and its ClusterRole has the same name in each
    // stack: the program makes its own.
    rbac: { create: false },
    alloy: {
      configMap: { content: alloyPipeline(spec) },
      storagePath,
      enableReporting: false,
      envFrom: login ? [{ secretRef: { name: secretNames.gatewayLogin } }] : [],
      mounts: {
        varlog: files,
        extra: [{ name: "storage", mountPath: storagePath }, ...trust.mounts],
      },
      resources: containerResources(resources),
      securityContext: restrictedContainer,
    },
    controller: {
      type: "daemonset",
      podLabels,
      volumes: {
        extra: [
          files
            ? { name: "storage", hostPath: { path: positionsPath(namespace), type: "DirectoryOrCreate" } }
            : // `restricted` allows no host path: positions outlive the container, and lines that a new pod reads again are known to Loki.
              { name: "storage", emptyDir: {} },
          ...trust.volumes,
        ],
      },
      // Every node, whatever it is tainted with.
      tolerations: [{ operator: "Exists" }],
    },
  };
}

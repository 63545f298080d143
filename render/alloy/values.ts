import type { Settings } from "../../config/settings";
import { alloyPipeline, type AlloyPipelineInput } from "./pipeline";
import { secretNames } from "../../domain/names";
import { positionsPath } from "../ownership";
import { speaksTls, trust } from "../tls";
import {
  containerResources,
  mirrored,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  type PodLabels,
  type Values,
} from "../pod";

/** What Alloy's chart needs to know. */
export type AlloyValuesInput = AlloyPipelineInput & Pick<Settings, "images"> & PodLabels;

/** Where Alloy keeps the positions it has read; the chart's default, under /tmp, is lost with the container. */
const storagePath = "/var/lib/alloy";

/** The user of Alloy's image. */
const user = 473;

/** Values of the chart alloy 1.11.1. */
export function alloyValues(input: AlloyValuesInput): Values {
  const { alloy, gateway, images } = input;
  const files = alloy.source === "files";
  return {
    fullnameOverride: "alloy",
    // The CRDs are for sources that we do not use.
    crds: { create: false },
    global: {
      image: { pullSecrets: secretRefs(images.pullSecrets) },
      // The kubelet's log files belong to root and only to root.
      podSecurityContext: files
        ? { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: "RuntimeDefault" } }
        : restrictedPod(user),
    },
    image: mirrored(images.alloy, images.mirror),
    // The checksum annotation rolls the pods when the pipeline changes; a reloader would be one more image.
    configReloader: { enabled: false },
    // The chart's rules read every Secret and ConfigMap of the cluster, and its ClusterRole has the same name in each
    // stack: the program makes its own.
    rbac: { create: false },
    alloy: {
      configMap: { content: alloyPipeline(input) },
      storagePath,
      enableReporting: false,
      ...(gateway.authentication === "basic" ? { envFrom: [{ secretRef: { name: secretNames.gatewayLogin } }] } : {}),
      mounts: {
        varlog: files,
        extra: [{ name: "storage", mountPath: storagePath }, ...(speaksTls(input) ? [trust.mount] : [])],
      },
      resources: containerResources(alloy.resources),
      securityContext: restrictedContainer,
    },
    controller: {
      type: "daemonset",
      podLabels: input.podLabels ?? {},
      volumes: {
        extra: [
          files
            ? { name: "storage", hostPath: { path: positionsPath(input.namespaces), type: "DirectoryOrCreate" } }
            : // `restricted` allows no host path: positions outlive the container, and lines that a new pod reads again are known to Loki.
              { name: "storage", emptyDir: {} },
          ...(speaksTls(input) ? [trust.volume] : []),
        ],
      },
      // Every node, whatever it is tainted with.
      tolerations: [{ operator: "Exists" }],
    },
  };
}

import { hostFolders } from "./hostFiles";
import { onAbleNodes } from "./nodes";
import { alloyPipeline } from "./pipeline";
import { secretNames } from "../../domain/names";
import { scrapeAnnotations } from "../monitoring/scrapes";
import { annotated } from "../placement";
import { positionsPath } from "../ownership";
import { generationAnnotations, podAnnotations } from "../rotation";
import { trustOf } from "../tls";
import type { AlloySpec } from "./spec";
import { containerResources, restrictedContainer, restrictedPod, secretRefs, type Labels, type Values } from "../pod";

/** Where Alloy keeps its read positions. The chart's default is under /tmp, which is lost with the container. */
export const storagePath = "/var/lib/alloy";

/** The user of Alloy's image. */
export const alloyUser = 473;

/** A text that a chart's templating writes as it is. */
function literal(text: string): string {
  return text.replaceAll("{{", "{{`{{`}}");
}

/** Values of Alloy's chart. */
export function alloyValues(spec: AlloySpec, podLabels: Labels = {}): Values {
  const { image, login, namespace, pullSecrets, resources, source } = spec;
  const files = source === "files";
  const trust = trustOf(spec);
  // The chart mounts /var/log alone.
  const podLogs =
    files && !spec.podLogsDir.startsWith("/var/log/")
      ? [{ name: "pod-logs", hostPath: { path: spec.podLogsDir } }]
      : [];
  const hostLogs = hostFolders(spec, ["/var/log", spec.podLogsDir]).map((path, index) => ({
    name: `host-files-${index}`,
    hostPath: { path },
  }));
  const logs = [...podLogs, ...hostLogs];
  return {
    fullnameOverride: "alloy",
    // The CRDs belong to sources that we do not use.
    crds: { create: false },
    global: {
      image: { pullSecrets: secretRefs(pullSecrets) },
      // Only root can read the kubelet's log files.
      podSecurityContext: files
        ? {
            runAsUser: 0,
            runAsGroup: 0,
            seccompProfile: { type: "RuntimeDefault" },
            ...(spec.seLinuxType === "" ? {} : { seLinuxOptions: { type: spec.seLinuxType } }),
          }
        : restrictedPod(alloyUser, spec),
    },
    image,
    // The checksum annotation restarts the pods when the pipeline changes. A reloader would need one more image.
    configReloader: { enabled: false },
    // The chart's role could read every Secret and ConfigMap of the cluster, and has the same name in every stack. So
    // the program makes its own role.
    rbac: { create: false },
    alloy: {
      configMap: { content: literal(alloyPipeline(spec)) },
      storagePath,
      enableReporting: false,
      // Every address, of both families.
      ...(spec.ipFamilies.includes("IPv6") ? { listenAddr: "[::]" } : {}),
      envFrom: [...(login ? [secretNames.gatewayLogin] : []), ...spec.envFromSecrets].map((name) => ({
        secretRef: { name },
      })),
      mounts: {
        varlog: files,
        extra: [
          { name: "storage", mountPath: storagePath },
          ...logs.map(({ name, hostPath: { path } }) => ({ name, mountPath: path, readOnly: true })),
          ...trust.mounts,
        ],
      },
      resources: containerResources(resources),
      securityContext: restrictedContainer,
    },
    controller: {
      type: "daemonset",
      podLabels: { ...spec.podLabels, ...podLabels },
      ...podAnnotations({
        ...spec.podAnnotations,
        ...(login ? generationAnnotations("gateway", spec.loginGeneration) : {}),
        ...(spec.scrapeAnnotations ? scrapeAnnotations("alloy") : {}),
      }),
      volumes: {
        extra: [
          files
            ? { name: "storage", hostPath: { path: positionsPath(namespace), type: "DirectoryOrCreate" } }
            : // `restricted` forbids host paths. Positions outlive the container; what a new pod reads again, Loki already has.
              { name: "storage", emptyDir: {} },
          ...logs,
          ...trust.volumes,
        ],
      },
      // One pod after another would take hours on a large cluster, and a node that is away would stop all others.
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "50%" } },
      ...onAbleNodes(spec),
    },
    ...annotated("service", spec.serviceAnnotations),
    ...annotated("serviceAccount", spec.serviceAccountAnnotations),
  };
}

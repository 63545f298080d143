import type { KubeConfig } from "@kubernetes/client-node";
import type { OwnershipFacts } from "../changes/ownership/gate";
import { certificateFacts, certificateFindings } from "../cluster/certificates";
import { gatherFacts } from "../cluster/clusterFacts";
import { dnsFacts, dnsFindings } from "../cluster/dns";
import { hostLogFindings } from "../cluster/hostLogs";
import { kubeletFacts } from "../cluster/kubelet";
import { preflight, preflightReport, readyNodes, type Wishes } from "../cluster/preflight";
import { storeFindings, storeNotes } from "../cluster/storeFindings";
import { storeFacts } from "../cluster/storeTrial";
import type { Settings } from "../config/settings";
import { erasureText } from "../domain/erasure";
import { hasExistingStore, hasMinio } from "../domain/objectStore";
import { usedParts } from "../domain/parts";
import { podLabelsOf, type Owner } from "../render/ownership";
import { planOf } from "../render/plan";
import { stackRequests } from "../render/requests";
import type { PreflightResult } from "./logStack";

/** Looks whether a cluster can take a stack. Changes nothing. */
export async function stackPreflight(
  { settings, kubeConfig, owner }: { settings: Settings; kubeConfig: KubeConfig; owner: Owner },
  { collisions, unseen, homes }: OwnershipFacts,
): Promise<PreflightResult> {
  const used = usedParts(settings);
  const facts = await gatherFacts(kubeConfig, {
    isOwn: ({ metadata }) =>
      used.some(
        (part) =>
          settings.namespaces[part] === metadata?.namespace &&
          holds(metadata.labels, podLabelsOf(part, settings, owner)),
      ),
    makesNamespaces: used.some((part) => !settings.existingNamespaces.includes(part)),
  });
  const { replicas } = planOf(settings).topology;
  const withMinio = hasMinio(settings.objectStore);
  const wishes: Wishes = {
    ...settings,
    requests: stackRequests(settings),
    replicas: Math.max(withMinio ? settings.minio.servers : 0, ...Object.values<number>({ ...replicas })),
    erasure: withMinio ? erasureText(settings.minio) : undefined,
  };
  const store = hasExistingStore(settings.objectStore)
    ? await storeFacts(kubeConfig, settings, { writes: true, keys: process.env })
    : undefined;
  const kubelets = await kubeletFacts(kubeConfig, readyNodes(facts));
  const findings = [
    ...preflight(facts, wishes),
    ...dnsFindings(await dnsFacts(kubeConfig, kubelets), { ...settings, gateway: replicas.gateway > 0 }),
    ...hostLogFindings(facts, kubelets, settings),
    ...certificateFindings(await certificateFacts(kubeConfig, settings), settings),
    ...(store === undefined ? [] : storeFindings(store, settings)),
    ...collisions,
  ];
  const notes = [
    ...(store === undefined ? [] : storeNotes(store, settings)),
    ...homes,
    ...(unseen.length === 0 ? [] : [`not checked, because you lack the right to see it: ${unseen.join(", ")}`]),
  ];
  return { facts, findings, report: preflightReport(facts, wishes, { findings, notes }) };
}

function holds(labels: Record<string, string> | undefined, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([label, value]) => labels?.[label] === value);
}

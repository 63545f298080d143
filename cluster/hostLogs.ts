import type { Settings } from "../config/settings";
import { setCommand, type Problem } from "../domain/problem";
import type { KubeletFacts } from "./kubelet";
import type { ClusterFacts, NodeFacts } from "./preflight";

/**
 * How the log files of the nodes differ from those that Alloy reads (`alloy.source: files`): a link to a folder that it
 * does not see, another format, or another folder. It would find nothing, and tell nobody. Pure.
 */
export function hostLogFindings(
  { nodes = [] }: Pick<ClusterFacts, "nodes">,
  kubelets: readonly KubeletFacts[],
  { alloy }: Pick<Settings, "alloy">,
): Problem[] {
  if (alloy.source !== "files") return [];
  const docker = nodes.filter(runsDocker).map(({ name }) => name);
  const elsewhere = new Map(
    kubelets.flatMap(({ node, podLogsDir = alloy.podLogsDir }) =>
      trimmed(podLogsDir) === alloy.podLogsDir ? [] : [[trimmed(podLogsDir), node]],
    ),
  );
  return [
    ...(docker.length === 0
      ? []
      : [
          {
            problem:
              `the container runtime of ${listed(docker)} is Docker: its log files are links to a folder that Alloy ` +
              "does not see, and not in the format of CRI",
            remedy:
              "read logs through the API server: `pulumi config set --path logharbor:alloy.source kubernetes-api`",
          },
        ]),
    ...[...elsewhere].map(([folder, node]) => ({
      problem: `the kubelet of ${node} keeps logs in ${folder}, and alloy.podLogsDir is ${alloy.podLogsDir}`,
      remedy:
        elsewhere.size > 1
          ? "the nodes differ, and there is one setting: read logs through the API server (alloy.source kubernetes-api)"
          : setCommand("alloy.podLogsDir", folder),
    })),
  ];
}

/** Whether a node's runtime is Docker, whose log files are links into a folder of its own. */
export function runsDocker({ runtime }: Pick<NodeFacts, "runtime">): boolean {
  return runtime?.startsWith("docker:") ?? false;
}

function trimmed(folder: string): string {
  return folder.replace(/\/+$/, "");
}

function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

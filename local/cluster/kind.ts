import * as fs from "node:fs";
import * as path from "node:path";
import { type Progress } from "../report";
import { type Node } from "./node";
import { run } from "./run";

/** Where Docker runs, kind makes the cluster, named by the node's id; its images come from their registries. */
export function kindContext({ id }: Node): string {
  return `kind-${id}`;
}

/** kubeconfig of the kind cluster; it exists exactly while that cluster should. */
export function kindKubeconfig(node: Node): string {
  return path.join(node.dir, "kind.kubeconfig");
}

/** Whether this machine has a Docker that answers, and kind. */
export async function hasKind(): Promise<boolean> {
  const answers = (command: string, ...args: string[]) =>
    run(command, args).then(
      () => true,
      () => false,
    );
  return (await answers("docker", "version")) && (await answers("kind", "version"));
}

/** Creates the cluster, or starts using the one that is there. */
export async function startKind(node: Node, report: Progress): Promise<void> {
  const kubeconfig = kindKubeconfig(node);
  fs.mkdirSync(node.dir, { recursive: true });
  if ((await run("kind", ["get", "clusters"])).split("\n").includes(node.id)) {
    await run("kind", ["export", "kubeconfig", "--name", node.id, "--kubeconfig", kubeconfig]);
    return;
  }
  report.step("kind creates a cluster");
  await run("kind", ["create", "cluster", "--name", node.id, "--kubeconfig", kubeconfig, "--wait", "180s"]);
  report.done("kind created a cluster");
}

export async function removeKind(node: Node): Promise<void> {
  await run("kind", ["delete", "cluster", "--name", node.id, "--kubeconfig", kindKubeconfig(node)]);
  fs.rmSync(kindKubeconfig(node), { force: true });
}

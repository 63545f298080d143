import * as fs from "node:fs";
import * as path from "node:path";
import { type Progress } from "../report";
import { type Node } from "./node";
import { run } from "./run";

/** If Docker runs, kind makes the cluster and names it by the node's id. Images then come from their registries. */
export function kindContext({ id }: Node): string {
  return `kind-${id}`;
}

/** kubeconfig of the kind cluster. The file exists exactly as long as that cluster should exist. */
export function kindKubeconfig(node: Node): string {
  return path.join(node.dir, "kind.kubeconfig");
}

/** Whether this machine has kind, and a Docker that answers. */
export async function hasKind(): Promise<boolean> {
  const answers = (command: string, ...args: string[]) =>
    run(command, args).then(
      () => true,
      () => false,
    );
  return (await answers("docker", "version")) && (await answers("kind", "version"));
}

/** Creates the cluster, or uses the existing one. */
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

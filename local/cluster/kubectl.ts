import { run } from "./run";

/** Whether this machine has a kubectl. */
export async function hasKubectl(): Promise<boolean> {
  return run("kubectl", ["version", "--client"]).then(
    () => true,
    () => false,
  );
}

/**
 * The command that looks into a cluster: the kubectl on PATH, else the compiled one; undefined where there is neither.
 */
export function kubectlCommand(onPath: boolean, compiled: string | undefined, kubeconfig: string): string | undefined {
  const program = onPath ? "kubectl" : compiled;
  return program === undefined ? undefined : `${program} --kubeconfig ${kubeconfig}`;
}

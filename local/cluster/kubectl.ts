import { run } from "./run";

/** Whether this machine has a kubectl. */
export async function hasKubectl(): Promise<boolean> {
  return run("kubectl", ["version", "--client"]).then(
    () => true,
    () => false,
  );
}

/**
 * The kubectl command for a cluster: the one on PATH, else the compiled one; undefined if neither exists.
 */
export function kubectlCommand(onPath: boolean, compiled: string | undefined, kubeconfig: string): string | undefined {
  const program = onPath ? "kubectl" : compiled;
  return program === undefined ? undefined : `${program} --kubeconfig ${kubeconfig}`;
}

import { KubernetesObjectApi, PatchStrategy, type KubeConfig, type V1Deployment } from "@kubernetes/client-node";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Starts the demo workload, unless it already runs. */
export async function deployDemo(kubeConfig: KubeConfig, image: string): Promise<void> {
  await KubernetesObjectApi.makeApiClient(kubeConfig).patch(
    demo(image),
    undefined,
    undefined,
    "logharbor-demo",
    true,
    PatchStrategy.ServerSideApply,
  );
}

function demo(image: string): V1Deployment & { apiVersion: string; kind: string } {
  const deployment = parse(readFileSync(join(__dirname, "demo.yaml"), "utf8")) as ReturnType<typeof demo>;
  deployment.spec?.template.spec?.containers.forEach((container) => (container.image = image));
  return deployment;
}

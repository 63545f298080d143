import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/**
 * What a Secret holds, by key, decoded.
 * @throws the API server's answer if there is none or it can't be read
 */
export async function secretContent(
  kubeConfig: KubeConfig,
  secret: { namespace: string; name: string },
): Promise<Partial<Record<string, string>>> {
  const { data = {} } = await kubeConfig.makeApiClient(CoreV1Api).readNamespacedSecret(secret);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}

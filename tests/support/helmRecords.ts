import { gunzipSync, gzipSync } from "node:zlib";
import { helmRecords, type ReleaseName } from "../../cluster/helmRelease";
import type { TestCluster } from "./cluster";

interface Content {
  version: number;
  info: { status: string };
}

/**
 * Makes Helm's records of a release say that its revisions, from the first one on, have these statuses. Each record has
 * the content of the newest one, so Helm takes it for its own. The release's objects stay.
 */
export async function writeRecords(
  { core, kubeConfig }: TestCluster,
  release: ReleaseName,
  statuses: readonly string[],
): Promise<void> {
  const { namespace, name } = release;
  const records = (await helmRecords(kubeConfig, [namespace])).filter((record) => record.release === name);
  const newest = records.sort((a, b) => a.revision - b.revision).at(-1)!;
  const { data, metadata, type } = await core.readNamespacedSecret({ namespace, name: newest.secret });
  const packed = Buffer.from(data?.release ?? "", "base64").toString("latin1");
  const content = JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString("utf8")) as Content;
  for (const { secret } of records) await core.deleteNamespacedSecret({ namespace, name: secret });
  for (const [index, status] of statuses.entries()) {
    const version = index + 1;
    const text = JSON.stringify({ ...content, version, info: { ...content.info, status } });
    await core.createNamespacedSecret({
      namespace,
      body: {
        type,
        metadata: {
          name: `sh.helm.release.v1.${name}.v${version}`,
          labels: { ...metadata?.labels, status, version: String(version) },
        },
        stringData: { release: gzipSync(text).toString("base64") },
      },
    });
  }
}

import type { V1Deployment, V1PersistentVolumeClaim, V1StatefulSet } from "@kubernetes/client-node";
import { parse } from "yaml";
import { volumeOf, workloadOf, type Existing, type ExistingLokiConfig } from "../../changes/dangers/existing";
import { partLabel, tierAnnotation, tierJobName } from "../../domain/names";
import { jsonAt, textAt, type Json } from "../json";
import { opened } from "../sealed";
import type { Thing } from "../thing";

const parts = ["minio", "loki"] as const;

/** What would exist if these objects were deployed, and every volume could grow. Pure. */
export function existingIn(things: readonly Thing[]): Existing {
  const clear = things.map((thing) => ({ ...thing, content: opened(thing.content) }));
  const of = (kind: string, part?: string) =>
    clear.filter((thing) => thing.kind === kind && (part === undefined || thing.maker === `release ${part}`));
  const part = (name: "minio" | "loki") => ({
    workloads: [
      ...of("StatefulSet", name).map(({ content }) => workloadOf("StatefulSet", as<V1StatefulSet>(content))),
      ...of("Deployment", name).map(({ content }) => workloadOf("Deployment", as<V1Deployment>(content))),
    ],
    claims: of("PersistentVolumeClaim", name).map(({ content }) => ({
      ...volumeOf(as<V1PersistentVolumeClaim>(content)),
      expandable: true,
    })),
  });
  const config = of("Secret", "loki").find(({ name }) => name === "loki");
  const encoded = textAt(config?.content, "data", "config.yaml");
  const text = encoded === undefined ? textAt(config?.content, "stringData", "config.yaml") : decoded(encoded);
  const job = of("Job").find(({ name }) => name === tierJobName);
  return {
    minio: part("minio"),
    loki: part("loki"),
    ...(text === undefined ? {} : { lokiConfig: parse(text) as ExistingLokiConfig }),
    tier: textAt(job?.content, "metadata", "annotations", tierAnnotation),
    homes: of("Namespace").flatMap(({ name, content }) => {
      const home = parts.find((candidate) => candidate === jsonAt(content, "metadata", "labels", partLabel));
      return home === undefined ? [] : [{ part: home, name }];
    }),
  };
}

function as<T>(content: Json): T {
  return content as T;
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

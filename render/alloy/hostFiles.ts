import { maskStages } from "./mask";
import type { AlloySpec } from "./spec";
import { quote } from "./syntax";

/** How often Alloy looks for new files. They live longer than those of pods. */
const syncPeriod = "10s";

/**
 * Log files of the nodes, besides those of pods. Empty without any. Alloy syntax.
 *
 * The index labels are `app`, from the settings, and `node`. The path is structured metadata, because rotation may give
 * each file a new one.
 */
export function hostFiles(spec: Pick<AlloySpec, "hostFiles" | "mask">): string[] {
  const { hostFiles: files } = spec;
  if (files.length === 0) return [];
  const targets = files.map(({ app, path }) => `    { __path__ = ${quote(path)}, app = ${quote(app)} },\n`).join("");
  return [
    `loki.source.file "host" {
  targets = [
${targets}  ]
  forward_to = [loki.process.host.receiver]

  file_match {
    enabled     = true
    sync_period = ${quote(syncPeriod)}
  }
}

loki.process "host" {
  forward_to = [loki.write.loki.receiver]

  stage.static_labels {
    values = { node = sys.env("K8S_NODE_NAME") }
  }

  stage.structured_metadata {
    values = { filename = "" }
  }

  stage.label_drop {
    values = ["filename"]
  }
${maskStages(spec)}}
`,
  ];
}

/** The folder of a path of files: what stands before its first part with a wildcard, or before its last part. */
export function folderOf(path: string): string {
  const parts = path.split("/").slice(0, -1);
  const wild = parts.findIndex((part) => part.includes("*"));
  return parts.slice(0, wild < 0 ? undefined : wild).join("/");
}

/** Folders that the pods need besides those of `mounted`: none lies within another one. */
export function hostFolders({ hostFiles: files }: Pick<AlloySpec, "hostFiles">, mounted: readonly string[]): string[] {
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))].sort();
  return folders.filter(
    (folder) => ![...mounted, ...folders.filter((other) => other !== folder)].some((other) => isWithin(folder, other)),
  );
}

/** Whether a path is that of a folder, or within it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

import { journalMetadata, journalSource, readsJournal } from "./journal";
import { maskStages } from "./mask";
import type { AlloySpec } from "./spec";
import { quote } from "./syntax";

/** How often Alloy looks for new files. They live longer than those of pods. */
const syncPeriod = "10s";

/** What the nodes' own logs depend on. */
type NodeLogs = Pick<AlloySpec, "hostFiles" | "journal" | "mask" | "source">;

/**
 * The nodes' own logs, besides those of pods: files, and the journal. Empty without any. Alloy syntax.
 *
 * The index labels are `app` and `node`. A path is structured metadata, because rotation may give each file a new one.
 */
export function nodeLogs(spec: NodeLogs): string[] {
  const all = [...files(spec), ...journalSource(spec)];
  return all.length === 0 ? [] : [...all, processing(spec)];
}

function files({ hostFiles: files }: NodeLogs): string[] {
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
`,
  ];
}

function processing(spec: NodeLogs): string {
  const metadata = [
    ...(spec.hostFiles.length > 0 ? ["filename"] : []),
    ...(readsJournal(spec) ? [journalMetadata] : []),
  ];
  // The journal's reader names itself.
  const dropped = [...metadata, ...(readsJournal(spec) ? ["job"] : [])];
  return `loki.process "host" {
  forward_to = [loki.write.loki.receiver]

  stage.static_labels {
    values = { node = sys.env("K8S_NODE_NAME") }
  }

  stage.structured_metadata {
    values = { ${metadata.map((name) => `${name} = ""`).join(", ")} }
  }

  stage.label_drop {
    values = [${dropped.map(quote).join(", ")}]
  }
${maskStages(spec)}}
`;
}

/** The folder of a path of files: what stands before its first part with a wildcard, or before its last part. */
export function folderOf(path: string): string {
  const parts = path.split("/").slice(0, -1);
  const wild = parts.findIndex((part) => part.includes("*"));
  return parts.slice(0, wild < 0 ? undefined : wild).join("/");
}

/** Folders that the pods need besides those of `mounted`: none lies within another one. */
export function hostFolders(spec: Omit<NodeLogs, "mask">, mounted: readonly string[]): string[] {
  const journals = readsJournal(spec) ? [spec.journal.path] : [];
  const folders = [...new Set([...spec.hostFiles.map(({ path }) => folderOf(path)), ...journals])].sort();
  return folders.filter(
    (folder) => ![...mounted, ...folders.filter((other) => other !== folder)].some((other) => isWithin(folder, other)),
  );
}

/** Whether a path is that of a folder, or within it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

import type { SettingProblem } from "../domain/problem";
import { alloyFindsFiles, alloyTruncates, isOlder, versionOf, type Version } from "../domain/version";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses what the version of Alloy cannot do, and labels that would replace ours. */
export const alloyRules: readonly Rule[] = [
  { reads: ["alloy.source", "images.alloy"], judge: fileSource },
  { reads: ["alloy.events.enabled", "alloy.source", "images.alloy"], judge: eventsReader },
  { reads: ["alloy.externalLabels"], judge: externalLabels },
  { reads: ["alloy.hostFiles", "alloy.source"], judge: hostFilesUnread },
  { reads: ["alloy.journal", "alloy.source"], judge: journalUnread },
  { reads: ["alloy.hostFiles", "alloy.podLogsDir"], judge: hostFiles },
];

function fileSource({ alloy, images }: Settings): SettingProblem[] {
  if (alloy.source !== "files" || !olderThan(alloyFindsFiles, images)) return [];
  const since = alloyFindsFiles.join(".");
  return [
    {
      key: "images.alloy.tag",
      problem: `is "${images.alloy.tag}", but only Alloy ${since} and newer can find the nodes' log files`,
      remedy: `use ${since} or newer, or set alloy.source to kubernetes-api`,
    },
  ];
}

function eventsReader({ alloy, images }: Settings): SettingProblem[] {
  // With source files, the other rule says the same.
  if (!alloy.events.enabled || alloy.source === "files" || !olderThan(alloyTruncates, images)) return [];
  const since = alloyTruncates.join(".");
  return [
    {
      key: "images.alloy.tag",
      problem: `is "${images.alloy.tag}", but only Alloy ${since} and newer can cut long events`,
      remedy: `use ${since} or newer, or set alloy.events.enabled to false`,
    },
  ];
}

function olderThan(version: Version, { alloy }: Settings["images"]): boolean {
  const used = alloy.digest === undefined ? versionOf(alloy.tag) : undefined;
  return used !== undefined && isOlder(used, version);
}

/** Labels and structured metadata that the collector sets, and `service_name`, which Loki sets. */
export const ownLabels = [
  "namespace",
  "app",
  "container",
  "node",
  "pod",
  "stream",
  "filename",
  "service_name",
  "detected_level",
  "kind",
  "name",
  "reason",
  "type",
] as const;

/** Loki takes 15 labels of a stream: at most 6 are ours, and some stay free for pipelines of your own. */
const mostExternalLabels = 6;

/** A label of ours would be replaced in every line. Loki drops names that begin with two underscores. */
function externalLabels({ alloy }: Settings): SettingProblem[] {
  const labels = Object.entries(alloy.externalLabels);
  const key = (name: string) => `alloy.externalLabels.${name}`;
  const rename = "choose another name, such as cluster";
  return [
    ...labels
      .filter(([name]) => (ownLabels as readonly string[]).includes(name))
      .map(([name]) => ({ key: key(name), problem: "would replace what lines have there already", remedy: rename })),
    ...labels
      .filter(([name]) => name.startsWith("__"))
      .map(([name]) => ({ key: key(name), problem: "begins with __, as labels that nobody sees do", remedy: rename })),
    ...labels
      .filter(([, value]) => value.trim() === "")
      .map(([name]) => ({ key: key(name), problem: "has no value", remedy: "write one, or leave the label out" })),
    ...labels
      .filter(([, value]) => value.length > 1024)
      .map(([name]) => ({
        key: key(name),
        problem: "is longer than 1024 characters, and every stream has it",
        remedy: "write a shorter one",
      })),
    ...(labels.length > mostExternalLabels
      ? [
          {
            key: "alloy.externalLabels",
            problem: `has ${labels.length} labels: Loki takes 15 of a stream, ours included`,
            remedy: `write at most ${mostExternalLabels}`,
          },
        ]
      : []),
  ];
}

function hostFilesUnread({ alloy }: Settings): SettingProblem[] {
  if (alloy.source === "files" || alloy.hostFiles.length === 0) return [];
  return [
    {
      key: "alloy.hostFiles",
      problem: "names files of nodes, but alloy.source is kubernetes-api, which has no way to them",
      remedy: "set alloy.source to files, or leave this out",
    },
  ];
}

function journalUnread({ alloy: { journal, source } }: Settings): SettingProblem[] {
  if (!journal.enabled) return [];
  if (source !== "files")
    return [
      {
        key: "alloy.journal.enabled",
        problem: "is true, but alloy.source is kubernetes-api, which has no way to the nodes' journals",
        remedy: "set alloy.source to files, or leave this out",
      },
    ];
  if (journal.units.length === 0 && !journal.kernel)
    return [
      {
        key: "alloy.journal.units",
        problem: "is empty, and alloy.journal.kernel is false: nothing would be read",
        remedy: "name a unit, or set alloy.journal.enabled to false",
      },
    ];
  if (refusedFolders.some((folder) => journal.path === folder || journal.path.startsWith(`${folder}/`)))
    return [
      { key: "alloy.journal.path", problem: `is ${journal.path}, which holds no journal`, remedy: "leave it out" },
    ];
  return [];
}

/** Folders that hold no logs, or that a pod must not have whole. */
const refusedFolders = ["/proc", "/sys", "/dev", "/etc", "/run/secrets", "/var/lib/kubelet", "/var/run/secrets"];

function hostFiles({ alloy: { hostFiles: files, podLogsDir } }: Settings): SettingProblem[] {
  const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
  return files.flatMap(({ path }, index): SettingProblem[] => {
    const key = `alloy.hostFiles[${index}].path`;
    const [, top = ""] = path.split("/");
    const refused = refusedFolders.find((folder) => within(path, folder));
    if (path.split("/").length < 3 || top.includes("*"))
      return [{ key, problem: `is ${path}: Alloy would get the whole disk`, remedy: "name a folder before any *" }];
    if (refused !== undefined)
      return [{ key, problem: `is in ${refused}, which holds no logs, and may hold secrets`, remedy: "leave it out" }];
    if (
      [podLogsDir, "/var/log/pods", "/var/log/containers"].some((folder) => within(path, folder)) ||
      path.startsWith("/var/log/*")
    )
      return [
        {
          key,
          problem: `is ${path}, which holds lines of pods: they would be stored twice`,
          remedy: "leave it out, or name other folders; pods' lines are collected anyway",
        },
      ];
    if (files.findIndex((other) => other.path === path) < index)
      return [{ key, problem: `is ${path}, which stands there already`, remedy: "write each path once" }];
    return [];
  });
}

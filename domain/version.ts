/** The numbers of a version, as many as it names: `v1.18.1` has three. */
export type Version = readonly number[];

/** The version that an image's tag names; undefined for a tag such as `latest`. */
export function versionOf(tag: string | undefined): Version | undefined {
  const match = /^v?(\d+(?:\.\d+)+)/.exec(tag ?? "");
  return match?.[1]?.split(".").map(Number);
}

/** Whether one version is before another, by the numbers that both name: `3.7` is not before `3.7.6`. */
export function isOlder(a: Version, b: Version): boolean {
  const differing = a.findIndex((number, index) => index < b.length && number !== b[index]);
  return differing >= 0 && a[differing]! < b[differing]!;
}

/**
 * From this version on Alloy finds log files by itself (`file_match` of `loki.source.file`), and attaches the metadata
 * of a pod's namespace.
 */
export const alloyFindsFiles: Version = [1, 12];

/** Tags that move by nature, and versions without a patch number, which move too. */
const movingTag = /^(latest|main|master|edge|nightly|stable|dev)$|^v?\d+(\.\d+)?(-[a-z][a-z0-9.-]*)?$/;

/** Whether an image tag names another image from time to time. */
export function tagMoves(tag: string): boolean {
  return movingTag.test(tag);
}

/** The numbers of a version. It may have two or more: `v1.18.1` has three. */
export type Version = readonly number[];

/** The version in the tag of an image. Undefined for a tag without one, such as `latest`. */
export function versionOf(tag: string | undefined): Version | undefined {
  const match = /^v?(\d+(?:\.\d+)+)/.exec(tag ?? "");
  return match?.[1]?.split(".").map(Number);
}

/** Whether `a` is older than `b`. Compares only the numbers that both have: `3.7` is not older than `3.7.6`. */
export function isOlder(a: Version, b: Version): boolean {
  const differing = a.findIndex((number, index) => index < b.length && number !== b[index]);
  return differing >= 0 && a[differing]! < b[differing]!;
}

/**
 * The first version of Alloy that can find log files itself (`file_match` of `loki.source.file`) and attach the
 * metadata of a pod's namespace.
 */
export const alloyFindsFiles: Version = [1, 12];

/** The first version of Alloy that can cut long lines (`stage.truncate`). */
export const alloyTruncates: Version = [1, 12];

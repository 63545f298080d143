/** Whether a tag names a version before `major.minor`; a tag that names none, such as `latest`, does not. */
export function isOlder(tag: string, [major, minor]: readonly [major: number, minor: number]): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(tag);
  if (match === null) return false;
  const [itsMajor, itsMinor] = [Number(match[1]), Number(match[2])];
  return itsMajor < major || (itsMajor === major && itsMinor < minor);
}

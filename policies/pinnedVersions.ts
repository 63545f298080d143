import { at, leaves, text, types, type Resource } from "./resource";

const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
/** Tags that move by nature, and versions without a patch number, which move too. */
const moving = /^(latest|main|master|edge|nightly|stable|dev)$|^v?\d+(\.\d+)?(-[a-z][a-z0-9.-]*)?$/;

/** Charts and images that could change tomorrow without a change here. */
export function unpinned({ type, props }: Resource): string[] {
  if (type !== types.release) return [];
  const local = /^[./]|\.tgz$/.test(text(props.chart));
  const chart =
    local || exact.test(text(props.version))
      ? []
      : [`chart ${text(props.chart)} has no exact version; set charts.<part>.version`];
  const images = [...leaves(props.values)].flatMap(({ path, value }) => {
    if (path.at(-1) !== "tag" || at(props.values, ...path.slice(0, -1), "repository") === undefined) return [];
    const tag = text(value);
    if (at(props.values, ...path.slice(0, -1), "digest") !== undefined || tag.includes("@sha256:")) return [];
    return tag === "" || moving.test(tag)
      ? [
          `image at ${path.slice(0, -1).join(".")} has the tag "${tag}", which may move; set an exact tag or a digest in images`,
        ]
      : [];
  });
  return [...chart, ...images];
}

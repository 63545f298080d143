import { leaves } from "../domain/tree";
import { at, chartValues, text, types, type Resource } from "./resource";

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
  const values = chartValues(props);
  const images = [...leaves(values)].flatMap(({ path, value }) => {
    if (path.at(-1) === "image" && typeof value === "string") return movingImage(path, tagOf(value));
    const image = path.slice(0, -1);
    if (path.at(-1) !== "tag" || at(values, ...image, "repository") === undefined) return [];
    return at(values, ...image, "digest") === undefined ? movingImage(image, text(value)) : [];
  });
  return [...chart, ...images];
}

function movingImage(path: readonly string[], tag: string): string[] {
  if (tag.includes("@sha256:") || (tag !== "" && !moving.test(tag))) return [];
  return [`image at ${path.join(".")} has the tag "${tag}", which may move; set an exact tag or a digest in images`];
}

/** The tag of an image, with its digest; empty without one. */
function tagOf(image: string): string {
  return (
    /^(?:.*\/)?[^/:@]*(?::(.*)|(@.*))?$/
      .exec(image)
      ?.slice(1)
      .find((part) => part !== undefined) ?? ""
  );
}

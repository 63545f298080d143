import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { isOlder, versionOf } from "../../domain/version";
import type { Existing } from "./existing";

/** Another major version of the chart of MinIO or Loki. */
export function changedCharts({ minio, loki }: Existing, settings: Settings): Danger[] {
  const parts = { minio: minio.workloads, loki: loki.workloads };
  return (["minio", "loki"] as const).flatMap((part): Danger[] => {
    const { version, path } = settings.charts[part];
    const is = parts[part]
      .map(({ chart }) => new RegExp(`^${part}-(\\d+)\\.`).exec(chart ?? "")?.[1])
      .find((major) => major !== undefined);
    const wanted = /^(\d+)\./.exec(version)?.[1];
    if (path !== undefined || is === undefined || is === wanted) return [];
    return [
      {
        key: `charts.${part}.version`,
        problem:
          `is ${version}, but version ${is} of its chart installed ${part}: a new major version renames values, and ` +
          "the chart silently ignores the old names",
        remedy: `read the chart's changelog, run npm run charts:check with the new chart, then allow it for one up`,
        allow: "chart-major-upgrade",
      },
    ];
  });
}

/** An older version of Loki, which may be unable to read what the newer one wrote. */
export function downgradedLoki({ loki }: Existing, { images }: Settings): Danger[] {
  const is = loki.workloads
    .map(({ image }) => versionOf(image?.split(":").at(-1)))
    .find((version) => version !== undefined);
  const wanted = versionOf(images.loki.tag);
  if (is === undefined || wanted === undefined || !isOlder(wanted, is)) return [];
  return [
    {
      key: "images.loki.tag",
      problem:
        `is ${wanted.join(".")}, older than the ${is.join(".")} that runs: it may be unable to read what the newer ` +
        "one wrote",
      remedy: `stay with ${is.join(".")} or newer`,
      allow: "loki-downgrade",
    },
  ];
}

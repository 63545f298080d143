import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Settings } from "../../config/settings";
import type { ChartName } from "./releases";

/** Folder of the stand-in charts, one folder a chart. */
export const standInCharts = join(__dirname, "charts");

/** Whether a stand-in chart makes what these settings ask for; there is none for Grafana, nor for distributed servers. */
export function hasStandIn(name: ChartName, settings: Settings): boolean {
  return { minio: settings.minio.servers === 1, loki: settings.topology === "single-binary", alloy: true, grafana: false }[name];
}

/** Objects of the upstream charts that the stand-ins leave out, with the reason. */
export const leftOut: Partial<Record<ChartName, Record<string, string>>> = {
  minio: { "ConfigMap minio": "scripts of the bucket job, which is off" },
};

/** Where a mirror of charts holds one: the folder `<name>`, or `<name>-<version>.tgz`, or the only `<name>[-…].tgz`. */
export function chartIn(directory: string, name: ChartName, version: string): string | undefined {
  const folder = join(directory, name);
  if (existsSync(join(folder, "Chart.yaml"))) return folder;
  const archive = new RegExp(`^${name}(-\\d.*)?\\.tgz$`);
  const packed = existsSync(directory) ? readdirSync(directory).filter((file) => archive.test(file)) : [];
  const file = packed.find((candidate) => candidate === `${name}-${version}.tgz`) ?? (packed.length === 1 ? packed[0] : undefined);
  return file === undefined ? undefined : join(directory, file);
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { ChartName } from "../../render/releases";

/** Folder of the charts' test doubles, one folder per chart. */
export const standInCharts = join(__dirname, "charts");

/** Whether a chart has a test double; Grafana's has none. */
export function hasStandIn(name: ChartName): boolean {
  return name !== "grafana";
}

/** Objects of the upstream charts that the doubles leave out or make in their own way, with the reason. */
export const leftOut: Partial<Record<ChartName, Record<string, string>>> = {
  loki: {
    "ConfigMap loki-gateway": "the upstream nginx.conf names every path; the double's says the same in fewer rules",
  },
  minio: { "ConfigMap minio": "scripts of the bucket job, which is off" },
};

/** Finds a chart in a mirror: the folder `<name>`, `<name>-<version>.tgz`, or the only `<name>[-…].tgz`. */
export function chartIn(directory: string, name: ChartName, version: string): string | undefined {
  const folder = join(directory, name);
  if (existsSync(join(folder, "Chart.yaml"))) return folder;
  const archive = new RegExp(`^${name}(-\\d.*)?\\.tgz$`);
  const packed = existsSync(directory) ? readdirSync(directory).filter((file) => archive.test(file)) : [];
  const file =
    packed.find((candidate) => candidate === `${name}-${version}.tgz`) ?? (packed.length === 1 ? packed[0] : undefined);
  return file === undefined ? undefined : join(directory, file);
}

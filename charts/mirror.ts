import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Part } from "../domain/parts";

/** Finds a chart in a mirror: the folder `<name>`, `<name>-<version>.tgz`, or the only `<name>[-…].tgz`. */
export function chartIn(directory: string, name: Part, version: string): string | undefined {
  const folder = join(directory, name);
  if (existsSync(join(folder, "Chart.yaml"))) return folder;
  const archive = new RegExp(`^${name}(-\\d.*)?\\.tgz$`);
  const packed = existsSync(directory) ? readdirSync(directory).filter((file) => archive.test(file)) : [];
  const file =
    packed.find((candidate) => candidate === `${name}-${version}.tgz`) ?? (packed.length === 1 ? packed[0] : undefined);
  return file === undefined ? undefined : join(directory, file);
}

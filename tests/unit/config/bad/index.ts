import { alerts } from "./alerts";
import { alloy } from "./alloy";
import { charts } from "./charts";
import { cluster } from "./cluster";
import { exposure } from "./exposure";
import { gateway } from "./gateway";
import { grafana } from "./grafana";
import { hatches } from "./hatches";
import { images } from "./images";
import { loki } from "./loki";
import { mask } from "./mask";
import { minio } from "./minio";
import { monitoring } from "./monitoring";
import { namespaces } from "./namespaces";
import { objectStore } from "./objectStore";
import { pods } from "./pods";
import { retention } from "./retention";
import { rotation } from "./rotation";
import type { BadConfig } from "./rows";
import { schema } from "./schema";
import { stack } from "./stack";
import { remoteTier } from "./tier";
import { tls } from "./tls";

/** Configs with one fault each, and what is said of it. */
export const badConfigs: BadConfig[] = [
  ...stack,
  ...cluster,
  ...namespaces,
  ...pods,
  ...minio,
  ...remoteTier,
  ...objectStore,
  ...loki,
  ...schema,
  ...gateway,
  ...exposure,
  ...rotation,
  ...tls,
  ...retention,
  ...alloy,
  ...mask,
  ...alerts,
  ...grafana,
  ...monitoring,
  ...charts,
  ...images,
  ...hatches,
];

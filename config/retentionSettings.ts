import { z } from "zod";

import { streamRetention } from "./groups";
import { list, whole } from "./kinds";

/** How long logs are kept, and in which tier. */
export const retention = z.strictObject({
  hotDays: whole({
    min: 0,
    max: 3650,
    dev: 1,
    prod: 7,
    about: "Hot tier: days for which the index stays on local disk and chunks stay in the chunk cache.",
  }),
  warmDays: whole({
    min: 1,
    max: 3650,
    dev: 7,
    prod: 30,
    about:
      "Warm tier: days to keep logs in MinIO. Then the compactor deletes them, or MinIO moves them to the cold tier " +
      "if the stack has one.",
  }),
  coldDays: whole({
    min: 2,
    max: 3650,
    about:
      "Cold tier: days to keep logs in total. After warmDays they are in the remote tier (minio.tier). Unset: no " +
      "cold tier.",
    example: 365,
  }).optional(),
  streams: list(streamRetention, "retentions of streams", {
    both: [],
    about: "Streams with a shorter or longer retention.",
    example: [{ selector: '{namespace="dev"}', days: 3, priority: 1 }],
  }),
  compactionIntervalMinutes: whole({
    min: 1,
    max: 1440,
    both: 10,
    about: "Minutes between two runs of the compactor.",
  }),
  deleteDelayHours: whole({ min: 0, max: 168, both: 2, about: "Hours between marking a chunk and deleting it." }),
  deleteWorkers: whole({ min: 1, max: 150, both: 10, about: "Number of workers that delete chunks in parallel." }),
});

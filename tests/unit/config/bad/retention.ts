import { notSet, isNull, unknown, whole, wrong, type BadConfig } from "./rows";
import { tier } from "./tier";

const stream = (selector: string, days: number, priority: number) => ({ selector, days, priority });
const some = stream('{namespace="a"}', 1, 1);

/** Values that are wrong for a setting of a stream. */
const inStream = (key: string, problem: string, example: string, ...values: unknown[]): BadConfig[] =>
  values.map((value) => [
    { retention: { streams: [{ ...some, [key]: value }] } },
    `retention.streams[0].${key}`,
    problem,
    `write for example ${example}`,
  ]);

/** What Loki can't parse. */
const noSelector = (...selectors: string[]): BadConfig[] =>
  selectors.map((selector) => [
    { retention: { streams: [stream(selector, 3, 1)] } },
    "retention.streams[0].selector",
    `is ${selector}, which is not a stream selector`,
    'write label matchers between braces, such as {namespace="dev", app=~"web.*"}',
  ]);

const warm = (days: number) => `is ${days}, not more than the 7 days of the warm tier`;
const longer = "write at least 8, or leave it out";
const streams = "must be a list of retentions of streams";
const someStreams = JSON.stringify([stream('{namespace="dev"}', 3, 1)]);
const selector = 'must be a stream selector such as {namespace="dev"}';

export const retention: BadConfig[] = [
  ...unknown("retention.days", 30),
  isNull("retention.warmDays", "its default of 7"),
  ...wrong("retention.hotDays", whole(0, 3650), "7", -1, "7"),
  ...wrong("retention.warmDays", whole(1, 3650), "30", 0, "30d"),
  ...wrong("retention.coldDays", whole(2, 3650), "365", 1, "1 year"),
  ...wrong("retention.compactionIntervalMinutes", whole(1, 1440), "10", 0),
  ...wrong("retention.deleteDelayHours", whole(0, 168), "2", -1),
  ...wrong("retention.deleteWorkers", whole(1, 150), "10", 0),
  ...wrong("retention.streams", streams, someStreams, { namespace: 3 }),
  ...inStream("selector", selector, '{namespace="dev"}', 'namespace="a"'),
  ...inStream("days", whole(1, 3650), "3", 0),
  ...inStream("priority", notSet, "1", undefined),
  [
    { retention: { streams: [{ ...some, period: "24h" }] } },
    "retention.streams[0].period",
    "is not a known setting",
    "settings here are selector, days, priority",
  ],

  // Tiers that overlap, or have no place.
  [
    { retention: { warmDays: 3, hotDays: 4 } },
    "retention.hotDays",
    "is 4, more than the 3 days of the warm tier",
    "write at most 3",
  ],
  [
    { minio: { tier }, retention: { warmDays: 3, hotDays: 5, coldDays: 30 } },
    "retention.hotDays",
    "is 5, more than the 3 days of the warm tier",
    "write at most 3",
  ],
  [
    { retention: { coldDays: 365 } },
    "retention.coldDays",
    "is set, but the stack has no remote tier for cold chunks",
    "set minio.tier, or leave it out",
  ],
  [{ minio: { tier }, retention: { coldDays: 7 } }, "retention.coldDays", warm(7), longer],
  [{ minio: { tier }, retention: { coldDays: 5 } }, "retention.coldDays", warm(5), longer],
  [
    { retention: { warmDays: 1, deleteDelayHours: 24 } },
    "retention.deleteDelayHours",
    "is longer than the retention itself",
    "write less than 24",
  ],

  // Streams.
  ...noSelector("{namespace}", "{namespace=dev}", '{a="1"} |= "x"}'),
  [
    { retention: { streams: [stream('{a="1"}', 3, 1), stream('{a="1"}', 5, 2)] } },
    "retention.streams[1].selector",
    "is the same as that of retention.streams[0]",
    "list each selector once",
  ],
  [
    { retention: { streams: [stream('{a="1"}', 3, 1), stream('{b="1"}', 5, 1)] } },
    "retention.streams[1].priority",
    "is 1, like that of retention.streams[0]: the one for a stream that matches both is undefined",
    "give each a different priority",
  ],
];

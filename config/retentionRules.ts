import { keptDays } from "../render/minio/tier";
import type { Fault } from "./fault";
import type { Settings } from "./settings";

/** Periods that contradict each other. Each is a rule of its own. */
export const retentionRules = [hotTier, coldTier, indexOutside, deleteDelay, selectors, streams];

/** One matcher of a stream selector; a quote inside its value is escaped. */
const matcher = String.raw`\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)\s*("([^"\\]|\\.)*"|` + "`[^`]*`" + String.raw`)\s*`;
const selector = new RegExp(`^\\{${matcher}(,${matcher})*\\}$`);

function hotTier({ retention }: Settings): Fault[] {
  if (retention.hotDays <= retention.warmDays) return [];
  return [
    {
      key: "retention.hotDays",
      problem: `is ${retention.hotDays}, beyond the ${retention.warmDays} days of the warm tier`,
      remedy: `write at most ${retention.warmDays}`,
    },
  ];
}

function coldTier({ minio, retention }: Settings): Fault[] {
  const key = "retention.coldDays";
  const { coldDays, warmDays } = retention;
  if (coldDays === undefined) return [];
  return [
    ...(coldDays <= warmDays
      ? [
          {
            key,
            problem: `is ${coldDays}, within the ${warmDays} days of the warm tier`,
            remedy: `write at least ${warmDays + 1}, or leave it out`,
          },
        ]
      : []),
    ...(minio.tier === undefined
      ? [
          {
            key,
            problem: "is set, but there is no remote tier to move cold chunks to",
            remedy: "set minio.tier, or leave it out",
          },
        ]
      : []),
  ];
}

/** Chunks are moved by their tenant's folder; a tenant of this name would take the index along. */
function indexOutside({ gateway, minio, tenant }: Settings): Fault[] {
  const key = tenant === "index" ? "tenant" : "gateway.tenants";
  if (minio.tier === undefined || (tenant !== "index" && !gateway.tenants.includes("index"))) return [];
  return [
    {
      key,
      problem: "names a tenant index, whose folder is that of Loki's index, which must not be moved to the remote tier",
      remedy: "name it otherwise, or leave minio.tier out",
    },
  ];
}

function deleteDelay({ retention }: Settings): Fault[] {
  const kept = keptDays(retention) * 24;
  if (retention.deleteDelayHours < kept) return [];
  return [
    {
      key: "retention.deleteDelayHours",
      problem: "is longer than the retention itself",
      remedy: `write less than ${kept}`,
    },
  ];
}

/** Loki would not start with a selector that it can't parse. */
function selectors({ retention }: Settings): Fault[] {
  return retention.streams.flatMap((stream, index) =>
    selector.test(stream.selector)
      ? []
      : [
          {
            key: `retention.streams[${index}].selector`,
            problem: `is ${stream.selector}, which is no stream selector`,
            remedy: 'write label matchers between braces, such as {namespace="dev", app=~"web.*"}',
          },
        ],
  );
}

function streams({ retention }: Settings): Fault[] {
  return retention.streams.flatMap((stream, index): Fault[] => {
    const others = retention.streams.slice(0, index);
    const same = others.findIndex((other) => other.selector === stream.selector);
    if (same >= 0)
      return [
        {
          key: `retention.streams[${index}].selector`,
          problem: `is that of retention.streams[${same}] too`,
          remedy: "give each selector once",
        },
      ];
    const equal = others.findIndex((other) => other.priority === stream.priority && other.days !== stream.days);
    if (equal < 0) return [];
    return [
      {
        key: `retention.streams[${index}].priority`,
        problem: `is ${stream.priority}, as that of retention.streams[${equal}]: which holds for a stream that matches both is left open`,
        remedy: "give each a priority of its own",
      },
    ];
  });
}

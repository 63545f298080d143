import { keptDays } from "../domain/retention";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Periods that contradict each other. */
export const retentionRules: readonly Rule[] = [
  { reads: ["retention.hotDays", "retention.warmDays"], judge: hotTier },
  { reads: ["retention.warmDays", "retention.coldDays", "minio.tier"], judge: coldTier },
  { reads: ["tenant", "gateway.tenants", "minio.tier"], judge: indexOutside },
  { reads: ["retention.warmDays", "retention.coldDays", "retention.deleteDelayHours"], judge: deleteDelay },
  { reads: ["retention.streams"], judge: selectors },
  { reads: ["retention.streams"], judge: streams },
];

/** One matcher of a stream selector; a quote inside its value is escaped. */
const matcher = String.raw`\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)\s*("([^"\\]|\\.)*"|` + "`[^`]*`" + String.raw`)\s*`;
const selector = new RegExp(`^\\{${matcher}(,${matcher})*\\}$`);

function hotTier({ retention }: Settings): SettingProblem[] {
  if (retention.hotDays <= retention.warmDays) return [];
  return [
    {
      key: "retention.hotDays",
      problem: `is ${retention.hotDays}, beyond the ${retention.warmDays} days of the warm tier`,
      remedy: `write at most ${retention.warmDays}`,
    },
  ];
}

function coldTier({ minio, retention }: Settings): SettingProblem[] {
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
function indexOutside({ gateway, minio, tenant }: Settings): SettingProblem[] {
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

function deleteDelay({ retention }: Settings): SettingProblem[] {
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
function selectors({ retention }: Settings): SettingProblem[] {
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

function streams({ retention }: Settings): SettingProblem[] {
  return retention.streams.flatMap((stream, index): SettingProblem[] => {
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

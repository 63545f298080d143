import { hasMinio } from "../domain/objectStore";
import { keptDays } from "../domain/retention";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";
import { furtherTenants } from "./tenants";

/** Refuses retention periods that contradict each other. */
export const retentionRules: readonly Rule[] = [
  { reads: ["retention.hotDays", "retention.warmDays"], judge: hotTier },
  { reads: ["retention.warmDays", "retention.coldDays", "minio.tier", "objectStore"], judge: coldTier },
  { reads: ["tenant", "gateway.tenants", "alloy.tenants", "minio.tier"], judge: indexOutside },
  { reads: ["retention.warmDays", "retention.coldDays", "retention.deleteDelayHours"], judge: deleteDelay },
  { reads: ["retention.streams"], judge: selectors },
  { reads: ["retention.streams"], judge: streams },
];

/** One matcher of a stream selector. Quotes inside its value are escaped. */
const matcher = String.raw`\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)\s*("([^"\\]|\\.)*"|` + "`[^`]*`" + String.raw`)\s*`;
const selector = new RegExp(`^\\{${matcher}(,${matcher})*\\}$`);

function hotTier({ retention }: Settings): SettingProblem[] {
  if (retention.hotDays <= retention.warmDays) return [];
  return [
    {
      key: "retention.hotDays",
      problem: `is ${retention.hotDays}, more than the ${retention.warmDays} days of the warm tier`,
      remedy: `write at most ${retention.warmDays}`,
    },
  ];
}

function coldTier({ minio, objectStore, retention }: Settings): SettingProblem[] {
  const key = "retention.coldDays";
  const { coldDays, warmDays } = retention;
  if (coldDays === undefined) return [];
  return [
    ...(coldDays <= warmDays
      ? [
          {
            key,
            problem: `is ${coldDays}, not more than the ${warmDays} days of the warm tier`,
            remedy: `write at least ${warmDays + 1}, or leave it out`,
          },
        ]
      : []),
    ...(minio.tier === undefined
      ? [
          {
            key,
            problem: "is set, but the stack has no remote tier for cold chunks",
            remedy: hasMinio(objectStore)
              ? "set minio.tier, or leave it out"
              : "leave it out: only MinIO has one, and objectStore.kind is s3",
          },
        ]
      : []),
  ];
}

/** MinIO moves chunks by the folder of their tenant. For a tenant with this name it would also move the index. */
function indexOutside(settings: Settings): SettingProblem[] {
  const { gateway, minio, tenant } = settings;
  if (minio.tier === undefined || ![tenant, ...furtherTenants(settings)].includes("index")) return [];
  const key = tenant === "index" ? "tenant" : gateway.tenants.includes("index") ? "gateway.tenants" : "alloy.tenants";
  return [
    {
      key,
      problem:
        "names a tenant index: it would share a folder with Loki's index, which must not move to the remote tier",
      remedy: "choose another name, or leave minio.tier out",
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

/** Loki does not start with a selector that it cannot parse. */
function selectors({ retention }: Settings): SettingProblem[] {
  return retention.streams.flatMap((stream, index) =>
    selector.test(stream.selector)
      ? []
      : [
          {
            key: `retention.streams[${index}].selector`,
            problem: `is ${stream.selector}, which is not a stream selector`,
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
          problem: `is the same as that of retention.streams[${same}]`,
          remedy: "list each selector once",
        },
      ];
    const equal = others.findIndex((other) => other.priority === stream.priority && other.days !== stream.days);
    if (equal < 0) return [];
    return [
      {
        key: `retention.streams[${index}].priority`,
        problem: `is ${stream.priority}, like that of retention.streams[${equal}]: the one for a stream that matches both is undefined`,
        remedy: "give each a different priority",
      },
    ];
  });
}

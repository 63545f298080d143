import { topologies, type Replicas } from "../domain/topologies";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";
import { furtherTenants } from "./tenants";

type Target = keyof Replicas;

/** Refuses settings that Loki would refuse, or would accept and then fail queries. */
export const lokiRules: readonly Rule[] = [
  { reads: ["topology", "images.loki.tag"], judge: removedTopology },
  { reads: ["topology", "loki.replicas"], judge: targetsOfTopology },
  { reads: ["topology", "loki.replicas", "loki.replicationFactor"], judge: replicationFactor },
  { reads: ["loki.schema"], judge: schemaDays },
  { reads: ["loki.schema"], judge: schemaOrder },
  { reads: ["topology", "loki.caches"], judge: chunksDisk },
  { reads: ["loki.query", "loki.limits"], judge: waitingParts },
  { reads: ["loki.limits"], judge: burst },
  { reads: ["loki.limits", "gateway.tenants", "alloy.tenants", "tenant"], judge: tenantLimits },
];

/** Loki 4 removes the targets read, write and backend, and would not start with them. */
function removedTopology({ topology, images }: Settings): SettingProblem[] {
  const major = Number(/^v?(\d+)\./.exec(images.loki.tag)?.[1]);
  if (topology !== "simple-scalable" || !(major >= 4)) return [];
  return [
    {
      key: "topology",
      problem: `is simple-scalable, but Loki ${images.loki.tag} no longer has the targets of that topology`,
      remedy: "write ha-monolithic, its successor, or keep a Loki 3 in images.loki.tag",
    },
  ];
}

function targetsOfTopology({ topology, loki }: Settings): SettingProblem[] {
  const { replicas } = topologies[topology];
  const targets = (Object.keys(replicas) as Target[]).filter((target) => replicas[target] > 0 || target === "gateway");
  return (Object.keys(replicas) as Target[])
    .filter((target) => loki.replicas[target] !== undefined && !targets.includes(target))
    .map((target) => ({
      key: `loki.replicas.${target}`,
      problem: `is ${loki.replicas[target]}, but topology ${topology} has no such target`,
      remedy: `leave it out, or write ${targets.map((name) => `loki.replicas.${name}`).join(" or ")}`,
    }));
}

/** With fewer ingesters than copies of each line, no push reaches a quorum. */
function replicationFactor({ topology, loki }: Settings): SettingProblem[] {
  const plan = topologies[topology];
  const target = plan.replicas.write > 0 ? "write" : "singleBinary";
  const ingesters = loki.replicas[target] ?? plan.replicas[target];
  const factor = loki.replicationFactor ?? plan.replicationFactor;
  const problems: SettingProblem[] = [];
  if (factor > ingesters) {
    const [key, problem] =
      loki.replicationFactor === undefined
        ? [`loki.replicas.${target}`, `is ${ingesters}, below the replication factor of ${factor}`]
        : ["loki.replicationFactor", `is ${factor}, above the ${ingesters} replicas that ingest`];
    problems.push({
      key,
      problem,
      remedy: `write at least ${factor} in loki.replicas.${target}, or a smaller loki.replicationFactor`,
    });
  }
  if (factor % 2 === 0)
    problems.push({
      key: "loki.replicationFactor",
      problem: `is ${factor}: its quorum survives no more lost ingesters than a factor of ${factor - 1}`,
      remedy: `write ${factor - 1} or ${factor + 1}`,
    });
  if (plan.kvstore === "inmemory" && ingesters > 1) {
    problems.push({
      key: `loki.replicas.${target}`,
      problem: `is ${ingesters}, but the replicas of topology ${topology} cannot find each other`,
      remedy: "set topology to ha-monolithic",
    });
  }
  return problems;
}

function schemaDays({ loki }: Settings): SettingProblem[] {
  return loki.schema.flatMap(({ from }, index) =>
    isDay(from)
      ? []
      : [
          {
            key: `loki.schema[${index}].from`,
            problem: `is "${from}", a day that does not exist`,
            remedy: 'write for example "2024-04-01"',
          },
        ],
  );
}

function schemaOrder({ loki }: Settings): SettingProblem[] {
  return loki.schema.flatMap(({ from }, index) => {
    const before = loki.schema[index - 1];
    if (before === undefined || from > before.from || !isDay(from)) return [];
    return [
      {
        key: `loki.schema[${index}].from`,
        problem: `is "${from}", which is not after the previous period (${before.from})`,
        remedy: "list the periods from the oldest to the newest, each with a different day",
      },
    ];
  });
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function chunksDisk({ loki: { caches }, topology }: Settings): SettingProblem[] {
  if (caches.chunksDiskSize === undefined) return [];
  const key = "loki.caches.chunksDiskSize";
  // The chart calculates with the number before the unit, and ignores the unit.
  if (!/^[1-9]\d*Gi$/.test(caches.chunksDiskSize))
    return [{ key, problem: `is ${caches.chunksDiskSize}, not whole gibibytes`, remedy: "write for example 50Gi" }];
  if (topologies[topology].cache === "embedded")
    return [{ key, problem: `is set, but topology ${topology} caches inside the process`, remedy: "leave it out" }];
  if (caches.chunksMb === 0)
    return [
      {
        key,
        problem: "is set, but the chunk cache has no memory",
        remedy: "write at least 64 in loki.caches.chunksMb",
      },
    ];
  return [];
}

/** Loki refuses a query with more parts than the queue holds (429, "too many outstanding requests"). */
function waitingParts({ loki: { limits, query } }: Settings): SettingProblem[] {
  const most = limits.maxOutstandingRequestsPerTenant;
  if (query.parallelism <= most) return [];
  const key = "loki.query.parallelism";
  return [
    {
      key,
      problem: `is ${query.parallelism}, but only ${most} requests may wait: a query would have more parts than the queue holds`,
      remedy: `write at most ${most}, or raise loki.limits.maxOutstandingRequestsPerTenant`,
    },
  ];
}

function burst({ loki }: Settings): SettingProblem[] {
  const { ingestionRateMb, ingestionBurstSizeMb } = loki.limits;
  if (ingestionBurstSizeMb >= ingestionRateMb) return [];
  return [
    {
      key: "loki.limits.ingestionBurstSizeMb",
      problem: `is ${ingestionBurstSizeMb}, below the rate of ${ingestionRateMb}`,
      remedy: `write at least ${ingestionRateMb}`,
    },
  ];
}

/** Limits of a tenant that does not exist or that has two of them, and limits that cannot hold together. */
function tenantLimits(settings: Settings): SettingProblem[] {
  const {
    alloy,
    loki: { limits },
    tenant,
  } = settings;
  const known = furtherTenants(settings);
  const collected = [tenant, ...Object.values(alloy.tenants)];
  const names = limits.tenants.map(({ name }) => name);
  return limits.tenants.flatMap(({ name, ...own }, index): SettingProblem[] => {
    const key = `loki.limits.tenants[${index}]`;
    const { ingestionBurstSizeMb: burst, ingestionRateMb: rate } = { ...limits, ...own };
    const rates = [own.ingestionRateMb, own.ingestionBurstSizeMb, own.streamRateMb];
    if (name !== tenant && !known.includes(name))
      return [
        {
          key: `${key}.name`,
          problem: `is ${name}, which neither gateway.tenants nor alloy.tenants names`,
          remedy: known.length === 0 ? "add it there, or leave this out" : `write ${known.join(" or ")}`,
        },
      ];
    if (names.indexOf(name) !== index)
      return [{ key: `${key}.name`, problem: `is ${name}, which has limits above`, remedy: "write its limits once" }];
    if (collected.includes(name) && rates.some((limit) => limit !== undefined))
      return [
        {
          key,
          problem: `limits the rate of ${name}, for which Alloy collects: Alloy would drop what Loki refuses`,
          remedy: "write only maxStreams for it; alloy.limits holds back floods",
        },
      ];
    if (Object.values(own).every((limit) => limit === undefined))
      return [{ key, problem: "names a tenant without a limit", remedy: "write one, or leave the tenant out" }];
    if (burst < rate)
      return [
        {
          key,
          problem: `leaves ${name} a burst of ${burst} MB, below its rate of ${rate} MB/s`,
          remedy: `write at least ${rate} in its ingestionBurstSizeMb`,
        },
      ];
    return [];
  });
}

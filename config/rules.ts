import type { Fault } from "./fault";
import { gatewayRules } from "./gatewayRules";
import { lokiRules } from "./lokiRules";
import { minioRules } from "./minioRules";
import { namespaceRules } from "./namespaceRules";
import { parseQuantity } from "../domain/quantity";
import { retentionRules } from "./retentionRules";
import { partNames, type Image, type Resources, type Settings } from "./settings";
import { tlsRules } from "./tlsRules";
import { isOlder } from "../domain/version";

/** One rule: the faults of what it reads. */
type Rule = (settings: Settings) => Fault[];

const rules: Rule[] = [
  ...namespaceRules,
  ...minioRules,
  burst,
  fileSource,
  ...retentionRules,
  ...lokiRules,
  ...gatewayRules,
  ...tlsRules,
  ...partNames.map(
    (part): Rule =>
      (settings) =>
        resources(`${part}.resources`, settings[part].resources),
  ),
  ...[...partNames, "gateway" as const, "memcached" as const].map(
    (part): Rule =>
      ({ images }) =>
        image(`images.${part}`, images[part], images.mirror),
  ),
];

/** What reading a setting throws whose own value is wrong: a rule that reads it has nothing to judge. */
export class Unjudged extends Error {}

/**
 * Faults that one setting alone does not show; rules that read a faulty setting are left out. An empty list is a usable
 * config.
 */
export function brokenRules(settings: Settings): Fault[] {
  return rules.flatMap((rule) => {
    try {
      return rule(settings);
    } catch (error) {
      if (error instanceof Unjudged) return [];
      throw error;
    }
  });
}

/** `loki.source.file` looks for files by itself from 1.12 on. */
function fileSource({ alloy, images }: Settings): Fault[] {
  if (alloy.source !== "files" || images.alloy.digest !== undefined || !isOlder(images.alloy.tag, [1, 12])) return [];
  return [
    {
      key: "images.alloy.tag",
      problem: `is "${images.alloy.tag}", and Alloy finds the nodes' log files from 1.12 on`,
      remedy: "take 1.12 or newer, or set alloy.source to kubernetes-api",
    },
  ];
}

function burst({ loki }: Settings): Fault[] {
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

function resources(key: string, { cpuRequest, cpuLimit, memoryRequest, memoryLimit }: Resources): Fault[] {
  const faults: Fault[] = [];
  if (cpuLimit !== undefined && parseQuantity(cpuLimit) < parseQuantity(cpuRequest)) {
    faults.push({
      key: `${key}.cpuLimit`,
      problem: `is ${cpuLimit}, below the request of ${cpuRequest}`,
      remedy: `write at least ${cpuRequest}`,
    });
  }
  if (parseQuantity(memoryLimit) < parseQuantity(memoryRequest)) {
    faults.push({
      key: `${key}.memoryLimit`,
      problem: `is ${memoryLimit}, below the request of ${memoryRequest}`,
      remedy: `write at least ${memoryRequest}`,
    });
  }
  return faults;
}

function image(key: string, { registry, repository }: Image, mirror: string | undefined): Fault[] {
  if (mirror === undefined && registry === "docker.io" && repository.startsWith("minio/")) {
    return [
      {
        key: `${key}.repository`,
        problem: `is ${repository}, which docker.io no longer serves`,
        remedy: "write pgsty/silo, or name a registry that has it",
      },
    ];
  }
  return [];
}

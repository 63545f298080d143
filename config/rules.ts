import { partNames } from "../domain/parts";
import { targetNames } from "../domain/topologies";
import type { SettingProblem } from "../domain/problem";
import { parseQuantity } from "../domain/quantity";
import { tagMoves } from "../domain/version";
import { alertRules } from "./alertRules";
import { alloyRules } from "./alloyRules";
import { exposureRules } from "./exposureRules";
import { fieldRules } from "./fieldRules";
import { gatewayRules } from "./gatewayRules";
import { grafanaRules } from "./grafanaRules";
import { lineRules } from "./lineRules";
import { lokiRules } from "./lokiRules";
import { maskRules } from "./maskRules";
import { minioRules } from "./minioRules";
import { monitoringRules } from "./monitoringRules";
import { multilineRules } from "./multilineRules";
import { namespaceRules } from "./namespaceRules";
import { objectStoreRules } from "./objectStoreRules";
import { podRules } from "./podRules";
import { retentionRules } from "./retentionRules";
import { rotationRules } from "./rotationRules";
import type { Rule } from "./rule";
import type { ChartSource, Image, Resources } from "./settings";
import { resourcesOfTarget } from "./targetResources";
import { tlsRules } from "./tlsRules";

/** Every rule between settings. */
export const rules: readonly Rule[] = [
  ...namespaceRules,
  ...minioRules,
  ...alloyRules,
  ...objectStoreRules,
  ...lineRules,
  ...maskRules,
  ...multilineRules,
  ...retentionRules,
  ...lokiRules,
  ...fieldRules,
  ...gatewayRules,
  ...exposureRules,
  ...grafanaRules,
  ...rotationRules,
  ...tlsRules,
  ...monitoringRules,
  ...alertRules,
  ...podRules,
  {
    reads: ["loki.resources", "loki.targetResources"],
    judge: ({ loki }) =>
      targetNames
        .filter((target) => Object.keys(loki.targetResources[target]).length > 0)
        .flatMap((target) => resources(`loki.targetResources.${target}`, resourcesOfTarget(loki, target))),
  },
  ...partNames.map((part): Rule => ({
    reads: [`${part}.resources`],
    judge: (settings) => resources(`${part}.resources`, settings[part].resources),
  })),
  {
    reads: ["alerts.own.resources"],
    judge: ({ alerts }) => resources("alerts.own.resources", alerts.own.resources),
  },
  ...partNames.map((part): Rule => ({
    reads: [`charts.${part}`],
    judge: ({ charts }) => chartLogin(`charts.${part}`, charts[part]),
  })),
  {
    reads: ["alloy.events.resources"],
    judge: ({ alloy }) => resources("alloy.events.resources", alloy.events.resources),
  },
  { reads: ["canary.resources"], judge: ({ canary }) => resources("canary.resources", canary.resources) },
  ...[...partNames, "gateway" as const, "memcached" as const, "alertmanager" as const, "canary" as const].map(
    (name): Rule => ({
      reads: [`images.${name}`, "images.mirror"],
      judge: ({ images }) => image(`images.${name}`, images[name], images.mirror),
    }),
  ),
];

function resources(key: string, { cpuRequest, cpuLimit, memoryRequest, memoryLimit }: Resources): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (cpuLimit !== undefined && parseQuantity(cpuLimit) < parseQuantity(cpuRequest)) {
    problems.push({
      key: `${key}.cpuLimit`,
      problem: `is ${cpuLimit}, below the request of ${cpuRequest}`,
      remedy: `write at least ${cpuRequest}`,
    });
  }
  if (parseQuantity(memoryLimit) < parseQuantity(memoryRequest)) {
    problems.push({
      key: `${key}.memoryLimit`,
      problem: `is ${memoryLimit}, below the request of ${memoryRequest}`,
      remedy: `write at least ${memoryRequest}`,
    });
  }
  return problems;
}

/** A login belongs neither into an address, which everybody may read, nor where nothing would use it. */
function chartLogin(key: string, { caFile, path, repository, username }: ChartSource): SettingProblem[] {
  if (/^\w+:\/\/[^/]*@/.test(repository)) {
    return [
      {
        key: `${key}.repository`,
        problem: "holds a login, which would be stored in plain text",
        remedy: `write the address without it, set ${key}.username, and run \`pulumi config set --secret charts:password\``,
      },
    ];
  }
  const unused = Object.entries({ username, caFile }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (path !== undefined) {
    return unused.map((name) => ({
      key: `${key}.${name}`,
      problem: `is set, but ${key}.path takes precedence over the repository`,
      remedy: "leave one of them out",
    }));
  }
  if (repository.startsWith("oci://")) {
    return unused.map((name) => ({
      key: `${key}.${name}`,
      problem: "is set, but an oci:// repository takes its login from the registry's",
      remedy: `leave it out, and log in on this machine: helm registry login ${new URL(repository).host}`,
    }));
  }
  return [];
}

function image(
  key: string,
  { digest, registry, repository, tag }: Image,
  mirror: string | undefined,
): SettingProblem[] {
  if (digest === undefined && tagMoves(tag)) {
    return [
      {
        key: `${key}.tag`,
        problem: `is "${tag}", which names another image from time to time`,
        remedy: "write an exact version, or set the digest",
      },
    ];
  }
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

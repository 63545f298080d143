import { ConfigError } from "../../config/configError";
import { readChartKeys, unknownKeys } from "../../config/chartKeys";
import type { Settings } from "../../config/settings";
import { partNames, type Part } from "../../domain/parts";
import { plaintextCredentials } from "../../domain/plaintext";
import { leaves } from "../../domain/tree";
import type { SettingProblem } from "../../domain/problem";
import { alloyValues } from "../alloy/values";
import { pipelineProblems } from "../alloy/further";
import type { AlloySpec } from "../alloy/spec";
import { grafanaIni } from "../grafana/ini";
import type { GrafanaSpec } from "../grafana/spec";
import { grafanaValues } from "../grafana/values";
import { lokiConfig } from "../loki/config";
import type { LokiSpec } from "../loki/spec";
import { lokiValues } from "../loki/values";
import { minioValues, type MinioSpec } from "../minio/values";
import type { Values } from "../pod";
import { grafanaIniHatch, lokiConfigHatch, valueHatches } from "./hatches";
import { decidedKeys, entriesOf, keyPath } from "./overlay";

/** The specs of all parts that an escape hatch can change. */
interface Planned {
  minio?: MinioSpec;
  loki: LokiSpec;
  alloy: AlloySpec;
  grafana?: GrafanaSpec;
}

/**
 * Refuses a plan whose escape hatches say what they may not.
 * @throws ConfigError with every problem of every hatch
 */
export function assertHatches(plan: Planned, settings: Settings): void {
  const problems = hatchProblems(plan, settings);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** What is wrong with the escape hatches. Reads the charts that are on this machine. */
export function hatchProblems(plan: Planned, settings: Settings): SettingProblem[] {
  const { alloy, grafana, loki } = settings;
  return [
    ...partNames.flatMap((part) => valueProblems(part, plan, settings)),
    ...textProblems(loki.config, lokiConfigHatch.key, "loki.envFromSecrets, and write ${VARIABLE}"),
    ...(isEmpty(loki.config) ? [] : decidedKeys(lokiConfig(plan.loki), loki.config, lokiConfigHatch)),
    ...textProblems(
      grafana.ini,
      grafanaIniHatch.key,
      "grafana.envFromSecrets, and write $__env{VARIABLE}, or $__file{PATH}",
    ),
    ...(isEmpty(grafana.ini) || plan.grafana === undefined
      ? []
      : decidedKeys(grafanaIni(plan.grafana), grafana.ini, grafanaIniHatch)),
    ...pipelineProblems(plan.alloy, alloy.pipeline),
  ];
}

function valueProblems(part: Part, plan: Planned, { charts, values }: Settings): SettingProblem[] {
  const given = values[part] as Values;
  if (isEmpty(given)) return [];
  const own = ownValues[part](plan);
  if (isEmpty(given) || own === undefined) return [];
  const { key } = valueHatches[part];
  const { path } = charts[part];
  const chart = path === undefined ? undefined : readChartKeys(path);
  const decided = decidedKeys(own, given, valueHatches[part]);
  const unknown = (chart === undefined ? [] : unknownKeys(chart, given)).map((below) => ({
    key: keyPath(key, below),
    problem: `is not a value that the chart in charts.${part}.path knows`,
    remedy: "look it up in the chart's values.yaml",
  }));
  return [
    ...decided,
    ...decidedFlags(given, key),
    ...unknown.filter((problem) => !decided.some((other) => other.key === problem.key)),
    ...plaintextCredentials(given).map((below) => ({
      key: keyPath(key, below),
      problem: "holds a credential in plain text",
      remedy: "keep it in a Secret, and refer to that: with existingSecret, or a variable with valueFrom",
    })),
  ];
}

/** Flags by which a part would keep its data, or listen, elsewhere. Loki takes none besides the program's. */
const ownFlag = /^--?(storage\.path|server\.http\.listen-addr|address|console-address|certs-dir)\b/;

function decidedFlags(given: Values, key: string): SettingProblem[] {
  return [...leaves(given)]
    .filter(({ path, value }) => path.at(-2) === "extraArgs" && ownFlag.test(String(value)))
    .map(({ path }) => ({ key: keyPath(key, path), problem: "is decided by the program", remedy: "leave it out" }));
}

/** The program's own values of each part. Undefined if the stack does not have it. */
const ownValues: Record<Part, (plan: Planned) => Values | undefined> = {
  minio: ({ minio }) => minio && minioValues(minio),
  loki: ({ loki }) => lokiValues({ ...loki, extraConfig: {} }),
  alloy: ({ alloy }) => alloyValues({ ...alloy, pipeline: {} }),
  grafana: ({ grafana }) => grafana && grafanaValues(grafana),
};

/** What no configuration that the chart writes may hold: credentials, and what its templating would evaluate. */
function textProblems(given: Values, key: string, reference: string): SettingProblem[] {
  const templated = entriesOf(given).filter(({ value }) => JSON.stringify(value).includes("{{"));
  return [
    ...plaintextCredentials(given).map((path) => ({
      key: keyPath(key, path),
      problem: "holds a credential in plain text",
      remedy: `keep it in a Secret, name that in ${reference}`,
    })),
    ...templated.map(({ path }) => ({
      key: keyPath(key, path),
      problem: "holds {{, which the chart would evaluate",
      remedy: "write it without",
    })),
  ];
}

function isEmpty(given: object): boolean {
  return Object.keys(given).length === 0;
}

import type { LogStack } from "../../automation/logStack";
import { projectDir } from "../../automation/project";
import { renderedCharts } from "../../automation/renderedCharts";
import type { StateResource } from "../../automation/state";
import { dangersOf } from "../../changes/dangers/dangers";
import { existingStack } from "../../changes/dangers/existing";
import { leavesOperatorToCluster } from "../../changes/prometheusOperator";
import { unreachable } from "../../cluster/clusterFacts";
import { knowsPrometheusOperator } from "../../cluster/prometheusOperator";
import { opened, sealed } from "../sealed";
import { plainText, type Json } from "../json";
import type { Mask } from "../mask";
import type { Report } from "../report";
import { chartsOf } from "./charts";
import { learnConfig, learnProgram, learnState } from "./learning";
import { maskedReport, type Gathered } from "./masking";
import { resourcesOfProgram } from "./program";
import { thingsOf, verdictOn } from "./side";
import { thingsOfRelease, thingsOfState } from "./things";

/**
 * What `up` would change of a stack: the objects of its program compared with those of its state, and its charts with
 * what Helm applied last. What somebody changed by hand in the cluster is not in it. Changes nothing.
 * @param charts a folder of charts to use in place of their repositories. Default: none
 * @throws OperatorError without a readable secret
 */
export async function diffWithDeployed(stack: LogStack, { charts }: { charts?: string } = {}): Promise<Report> {
  return maskedReport(async (mask) => gathered(stack, mask, charts));
}

async function gathered(stack: LogStack, mask: Mask, mirror: string | undefined): Promise<Gathered> {
  const [settings, kubeConfig] = [await stack.settings(), await stack.kubeConfig()];
  const { config, resources: state, releases } = await stack.deployed();
  learnConfig(mask, config);
  const deployedThings = thingsOfState(state);
  learnState(mask, state);
  const looked = async <T>(look: Promise<T>) =>
    look.catch((error: unknown) => {
      throw unreachable(kubeConfig, error);
    });
  const { existing, unseen } = await looked(existingStack(kubeConfig, stack.owner, settings));
  const resources = await resourcesOfProgram(
    {
      folder: projectDir,
      cwd: process.cwd(),
      config,
      ...stack.owner,
      prometheusOperator: leavesOperatorToCluster(settings) && (await looked(knowsPrometheusOperator(kubeConfig))),
      generated: generatedIn(state),
    },
    "this checkout",
  );
  learnProgram(mask, resources);
  const wanted = chartsOf(resources, projectDir, mirror);
  const rendered = await renderedCharts(
    { charts: wanted, manifests: releases.map(({ manifest }) => manifest) },
    { kubeconfig: kubeConfig.exportConfig(), context: kubeConfig.getCurrentContext() },
    stack.engine,
  );
  return {
    stack: stack.name,
    before: `stack ${stack.name}, as deployed`,
    after: "this checkout",
    old: [
      ...releases.flatMap((release, index) => thingsOfRelease(release, rendered.manifests[index] ?? [])),
      ...deployedThings,
    ],
    now: thingsOf(resources, wanted, rendered.charts),
    danger: { found: dangersOf(existing, settings, new Date().toISOString().slice(0, 10)), allow: settings.allow },
    policies: verdictOn(resources),
    notes: [
      ...releases
        .filter(({ status }) => status !== "deployed")
        .map(({ name, revision, status }) => `release ${name} is ${status}: compared with its revision ${revision}`),
      ...(unseen.length === 0 ? [] : [`dangers were checked only in part: no right to see ${unseen.join(", ")}`]),
    ],
  };
}

/** The passwords that a state holds, by the name of their resource. */
function generatedIn(state: readonly StateResource[]): Record<string, { length: number; result: string }> {
  const found = state.filter((resource) => resource.type.startsWith("random:") && resource.delete !== true);
  return Object.fromEntries(
    found.map(({ urn, inputs, outputs }) => [
      urn.split("::").at(-1) ?? "",
      { length: Number(inputs?.length), result: plainText(opened(sealed((outputs?.result ?? "") as Json))) },
    ]),
  );
}

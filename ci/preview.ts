import { summary } from "../automation/engineProgress";
import type { LogStack } from "../automation/logStack";
import { textOf } from "../domain/problem";
import { diffWithDeployed } from "../diff/gather/deployed";
import { diffWithRevision, type RevisionsArgs } from "../diff/gather/revisions";
import type { Outcome } from "./outcome";

/**
 * What a change does to a stack, compared with what is deployed: the engine's preview with the policies, and the
 * difference of every object. Changes nothing. What fails is in the outcome, so that reviewers see it.
 * @param charts a folder of charts to use in place of their repositories. Default: none
 */
export async function previewDeployed(
  stack: string,
  open: () => Promise<LogStack>,
  options: { charts?: string },
): Promise<Outcome> {
  const opened = await caught(open());
  if (opened.value === undefined) return { stack, failures: opened.failures };
  const report = await caught(diffWithDeployed(opened.value, options));
  const plan = await caught(opened.value.preview());
  return {
    stack,
    report: report.value,
    planned: plan.value && summary(plan.value.changes, { planned: true }),
    // Both need the cluster, and say the same without it.
    failures: [...new Set([...report.failures, ...plan.failures])],
  };
}

/** What a change of the repository does to a stack, without its cluster and any credential. */
export async function previewRevisions(args: RevisionsArgs): Promise<Outcome> {
  const { value, failures } = await caught(diffWithRevision(args));
  return { stack: args.stack, report: value, failures };
}

async function caught<T>(work: Promise<T>): Promise<{ value?: T; failures: string[] }> {
  try {
    return { value: await work, failures: [] };
  } catch (error) {
    return { failures: [textOf(error)] };
  }
}

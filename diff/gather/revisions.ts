import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectName } from "../../automation/owner";
import { projectDir } from "../../automation/project";
import { renderedCharts, assumedVersion, type Engine } from "../../automation/renderedCharts";
import { dangersOf } from "../../changes/dangers/dangers";
import { leavesOperatorToCluster } from "../../changes/prometheusOperator";
import { settingsIn } from "../../config/stackConfig";
import { stackFileConfig } from "../../config/stackFile";
import { OperatorError } from "../../domain/problem";
import type { Mask } from "../mask";
import type { Report } from "../report";
import { existingIn } from "./assumed";
import { chartsOf, type ReleaseChart } from "./charts";
import { learnConfig, learnProgram } from "./learning";
import { maskedReport, type Gathered } from "./masking";
import { resourcesOfProgram } from "./program";
import { checkedOut } from "./revision";
import type { Recorded } from "./recorder";
import { thingsOf, verdictOn } from "./side";

/** Which revisions to compare. */
export interface RevisionsArgs {
  /** The stack whose settings both sides have. */
  stack: string;
  /** The older revision, as git names it. The newer side is the checkout as it is. */
  base: string;
  /** A folder of charts to use in place of their repositories. Default: none. */
  charts?: string;
  /** Default: `pulumi` on the PATH. */
  engine?: Engine;
  /** Folder of the project. Default: this one. */
  folder?: string;
}

/**
 * What a change of the repository does to a stack, without its cluster, its state or any credential. What only those
 * know is the same on both sides: generated passwords, encrypted config, the version of Kubernetes.
 * @throws OperatorError without a readable secret
 */
export async function diffWithRevision(args: RevisionsArgs): Promise<Report> {
  return maskedReport(async (mask) => {
    const base = await checkedOut(args.folder ?? projectDir, args.base);
    try {
      return await gathered(args, base, mask);
    } finally {
      await base.remove();
    }
  });
}

async function gathered(
  { stack, charts, engine = {}, folder = projectDir }: RevisionsArgs,
  base: { folder: string; title: string },
  mask: Mask,
): Promise<Gathered> {
  const side = async (where: string, title: string): Promise<Side | undefined> => {
    const config = configIn(where, stack);
    if (config === undefined) return undefined;
    learnConfig(mask, config);
    const run = {
      folder: where,
      cwd: where,
      config,
      project: projectName(where),
      stack: stack.split("/").at(-1)!,
      generated: {},
    };
    // Only a cluster knows whether it has the Prometheus operator.
    const resources = await resourcesOfProgram({ ...run, prometheusOperator: true }, title);
    learnProgram(mask, resources);
    return { config, resources, charts: chartsOf(resources, where, charts) };
  };
  const [old, now] = await Promise.all([side(base.folder, base.title), side(folder, "this checkout")]);
  if (now === undefined)
    throw new OperatorError(`Stack "${stack}" has no settings file Pulumi.${stack}.yaml.`, "check the name");
  const wanted = [...(old?.charts ?? []), ...now.charts];
  const rendered = await renderedCharts({ charts: wanted, manifests: [] }, {}, engine);
  const split = old?.charts.length ?? 0;
  const before = old === undefined ? [] : thingsOf(old.resources, old.charts, rendered.charts.slice(0, split));
  const settings = settingsIn(now.config);
  return {
    stack,
    before: base.title,
    after: "this checkout",
    old: before,
    now: thingsOf(now.resources, now.charts, rendered.charts.slice(split)),
    danger: {
      found: old === undefined ? [] : dangersOf(existingIn(before), settings, new Date().toISOString().slice(0, 10)),
      allow: settings.allow,
    },
    policies: verdictOn(now.resources),
    notes: [
      `no cluster was asked: rendered for Kubernetes ${assumedVersion}, dangers as if ${base.title} were deployed`,
      ...(old === undefined ? [`${base.title} has no Pulumi.${stack}.yaml: the stack is new`] : []),
      ...(leavesOperatorToCluster(settings) ? ["assumed: the cluster has the Prometheus operator"] : []),
      ...(packagesOf(base.folder) === packagesOf(folder)
        ? []
        : ["package-lock.json differs: both sides ran with the packages of this checkout"]),
    ],
  };
}

/** One revision of a stack. */
interface Side {
  config: Record<string, string>;
  resources: Recorded[];
  charts: ReleaseChart[];
}

/** The config in a stack's file, as the engine has it; what is encrypted stays so. Undefined without a file. */
function configIn(folder: string, stack: string): Record<string, string> | undefined {
  const file = join(folder, `Pulumi.${stack.split("/").at(-1)}.yaml`);
  if (!existsSync(file)) return undefined;
  return Object.fromEntries(
    Object.entries(stackFileConfig(readFileSync(file, "utf8"))).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function packagesOf(folder: string): string {
  const file = join(folder, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

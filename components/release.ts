import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ChartSource } from "../config/settings";
import { OperatorError } from "../domain/problem";
import type { Part } from "../domain/parts";
import { releaseValues, type Extra } from "../render/hatches/release";
import type { Values } from "../render/pod";

/** Args of a pinned Helm release. */
export interface ReleaseArgs extends Extra {
  /** Name of the chart in its repository, and of the release. */
  part: Part;
  /** Where the chart comes from. */
  chart: ChartSource;
  /** Namespace to install into. It must exist. */
  namespace: string;
  /** The chart's values, as the program decides them. */
  values: Values;
  /** Password of the chart's repository, if the chart's source names a user. Secret. Default: none. */
  chartPassword?: pulumi.Input<string>;
  /**
   * Whether to go on before its workloads are ready. For a DaemonSet: Helm would wait for the pods of nodes that are
   * away, and then fail. Default: false.
   */
  skipAwait?: boolean;
}

/**
 * Installs a chart as a Helm release and waits until its workloads are ready. The release has the name of its part
 * instead of a generated one, so that Services keep their names.
 */
export function pinnedRelease(
  name: string,
  { part, chart, chartPassword, namespace, values, skipAwait, ...extra }: ReleaseArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(
    name,
    {
      name: part,
      namespace,
      ...chartLocation(part, chart, chartPassword),
      values: releaseValues(part, values, extra),
      ...(skipAwait === true ? { skipAwait } : {}),
      // Without this, the provider also drops empty lists, and the chart's defaults would replace them.
      allowNullValues: true,
      // A first start pulls images and formats volumes. Helm's default of 300 s is too short for that.
      timeout: 900,
      maxHistory: 5,
      // A failed upgrade is not rolled back or deleted: people can look at it, and the next `up` repairs it.
      atomic: false,
      cleanupOnFail: false,
    },
    opts,
  );
}

/** Where Helm finds the chart: a local path, an OCI address, or a repository. */
export function chartLocation(
  part: string,
  chart: ChartSource,
  password?: pulumi.Input<string>,
): Pick<k8s.helm.v3.ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  if (chart.path !== undefined) return { chart: chart.path };
  if (chart.repository.startsWith("oci://"))
    return { chart: `${chart.repository.replace(/\/+$/, "")}/${part}`, version: chart.version };
  return { chart: part, version: chart.version, repositoryOpts: repositoryOf(part, chart, password) };
}

function repositoryOf(
  part: string,
  { caFile, repository, username }: ChartSource,
  password: pulumi.Input<string> | undefined,
): k8s.types.input.helm.v3.RepositoryOpts {
  if (username !== undefined && password === undefined) {
    throw new OperatorError(`charts.${part}.username is set, and the password of the chart repository is missing.`, [
      "store it: pulumi config set --secret charts:password",
      "or give it in the variable LOGHARBOR_CHARTS_PASSWORD",
    ]);
  }
  return {
    repo: repository,
    ...(username === undefined ? {} : { username, password: pulumi.secret(password!) }),
    ...(caFile === undefined ? {} : { caFile }),
  };
}

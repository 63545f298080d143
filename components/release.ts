import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ChartSource } from "../config/settings";
import type { Part } from "../domain/parts";
import type { Values } from "../render/pod";

/** Args of a pinned Helm release. */
export interface ReleaseArgs {
  /** Name of the chart in its repository, and of the release. */
  part: Part;
  chart: ChartSource;
  namespace: string;
  values: Values;
}

/**
 * The chart's workload, installed as a Helm release and waited for.
 * The release is named after its part and not by Pulumi, so that Services keep their names.
 */
export function pinnedRelease(
  name: string,
  { part, chart, namespace, values }: ReleaseArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(
    name,
    {
      name: part,
      namespace,
      ...chartLocation(part, chart),
      values,
      // Without this the provider drops empty lists too, and the chart's defaults would stand in their place.
      allowNullValues: true,
      // A first start pulls images and formats volumes; Helm's 300 s are too short for that.
      timeout: 900,
      maxHistory: 5,
      // A failed upgrade stays to be looked at and repaired by the next `up`; nothing is deleted to clean up.
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
): Pick<k8s.helm.v3.ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  if (chart.path !== undefined) return { chart: chart.path };
  if (chart.repository.startsWith("oci://"))
    return { chart: `${chart.repository.replace(/\/+$/, "")}/${part}`, version: chart.version };
  return { chart: part, version: chart.version, repositoryOpts: { repo: chart.repository } };
}

import { OperatorError } from "../domain/errors";
import type { Settings } from "../config/settings";
import { chartIn, hasStandIn, leftOut, standInCharts } from "../local/doubles/charts";
import { differences, type Difference } from "./compare";
import { factsOf, type Facts } from "./facts";
import { chartVersion, renderChart } from "./helm";
import { brokenPromises, type Rendering } from "./promises";
import { releasesOf, type ChartName, type Release } from "../render/releases";

/** The result for one chart of one stack. */
export interface ChartReport {
  stack: string;
  chart: ChartName;
  /** Version of the chart that was found. */
  version: string;
  /** Number of facts in the upstream rendering. */
  facts: number;
  /** Whether it was compared with a test double too, or only with the program's own promises. */
  standIn: boolean;
  differences: Difference[];
}

/**
 * Renders the upstream charts in a directory with the values of one stack, and compares the result with what the
 * program and the test doubles rely on. Throws an OperatorError if a chart is missing or helm fails.
 */
export async function checkCharts(directory: string, stack: string, settings: Settings): Promise<ChartReport[]> {
  const releases = releasesOf(settings);
  const charts = requiredCharts(directory, releases);
  const renderings: Rendering[] = [];
  const reports: ChartReport[] = [];
  for (const [index, release] of releases.entries()) {
    const chart = charts[index] ?? "";
    const facts = factsOf(await renderChart(chart, release));
    const version = await chartVersion(chart);
    const standIn = hasStandIn(release.name);
    renderings.push({ release, facts });
    reports.push({
      stack,
      chart: release.name,
      version,
      facts: facts.size,
      standIn,
      differences: [
        ...(version === release.source.version
          ? []
          : [{ fact: "chart version", expected: release.source.version, found: version }]),
        ...(standIn
          ? differences(
              withoutLeftOut(release.name, factsOf(await renderChart(`${standInCharts}/${release.name}`, release))),
              withoutLeftOut(release.name, facts),
            )
          : []),
      ],
    });
  }
  const broken = brokenPromises(settings, renderings);
  return reports.map((report) => ({
    ...report,
    differences: onePerFact([...report.differences, ...(broken.get(report.chart) ?? [])]),
  }));
}

function requiredCharts(directory: string, releases: readonly Release[]): string[] {
  const charts = releases.map(({ name, source }) => chartIn(directory, name, source.version));
  const missing = releases.filter((_, index) => charts[index] === undefined);
  if (missing.length === 0) return charts.filter((chart) => chart !== undefined);
  throw new OperatorError(
    `${directory} lacks the charts ${missing.map(({ name }) => name).join(", ")}.`,
    missing.map(({ name, source: { repository, version } }) => {
      const from = repository.startsWith("oci://") ? `${repository}/${name}` : `${name} --repo ${repository}`;
      return `put the folder ${name} or ${name}-${version}.tgz there: helm pull ${from} --version ${version} --destination ${directory}`;
    }),
  );
}

function onePerFact(all: readonly Difference[]): Difference[] {
  return [...new Map(all.map((difference) => [difference.fact, difference])).values()];
}

function withoutLeftOut(chart: ChartName, facts: Facts): Facts {
  const objects = Object.keys(leftOut[chart] ?? {});
  return new Map([...facts].filter(([fact]) => !objects.includes(fact.split(": ", 1)[0] ?? "")));
}

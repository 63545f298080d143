import { OperatorError } from "../domain/problem";
import type { Settings } from "../config/settings";
import { chartIn } from "./mirror";
import { readChartKeys, unknownKeys } from "../config/chartKeys";
import { keyPath } from "../render/hatches/overlay";
import { differences, type Difference } from "./compare";
import { factsOf, type Facts } from "./facts";
import { chartVersion, renderChart } from "./helm";
import { brokenPromises, type Rendering } from "./promises";
import { releasesOf, type Release } from "../render/releases";
import type { Part } from "../domain/parts";

/** The result for one chart of one stack. */
export interface ChartReport {
  stack: string;
  chart: Part;
  /** Version of the chart that was found. */
  version: string;
  /** Number of facts in the upstream rendering. */
  facts: number;
  /** Whether it was compared with a test double too, or only with the program's own promises. */
  standIn: boolean;
  differences: Difference[];
}

/** Test doubles of the upstream charts, for machines that cannot download those. */
export interface StandIns {
  /** The folder of a chart's double; undefined if the chart has none. */
  folder(name: Part): string | undefined;
  /** Objects of the upstream charts that the doubles leave out or make in their own way, with the reason. */
  leftOut: Partial<Record<Part, Record<string, string>>>;
}

/** Args of {@link checkCharts}. */
export interface CheckArgs {
  /** Folder that holds the upstream charts. */
  upstream: string;
  standIns: StandIns;
  /** Name of the stack, for the report. */
  stack: string;
  settings: Settings;
}

/**
 * Renders the upstream charts with the values of one stack, and compares the result with what the program and the test
 * doubles rely on.
 * @throws OperatorError if a chart is missing or helm fails.
 */
export async function checkCharts({ upstream, standIns, stack, settings }: CheckArgs): Promise<ChartReport[]> {
  const releases = releasesOf(settings);
  const charts = requiredCharts(upstream, releases);
  const renderings: Rendering[] = [];
  const reports: ChartReport[] = [];
  for (const [index, release] of releases.entries()) {
    const chart = charts[index] ?? "";
    const facts = factsOf(await renderChart(chart, release));
    const version = await chartVersion(chart);
    const standIn = standIns.folder(release.name);
    const compared = (all: Facts) => without(standIns.leftOut[release.name] ?? {}, all);
    renderings.push({ release, facts });
    reports.push({
      stack,
      chart: release.name,
      version,
      facts: facts.size,
      standIn: standIn !== undefined,
      differences: [
        ...(version === release.source.version
          ? []
          : [{ fact: "chart version", expected: release.source.version, found: version }]),
        ...unknownValues(chart, release.name, settings),
        ...(standIn === undefined
          ? []
          : differences(compared(factsOf(await renderChart(standIn, release))), compared(facts))),
      ],
    });
  }
  const broken = brokenPromises(settings, renderings);
  return reports.map((report) => ({
    ...report,
    differences: onePerFact([...report.differences, ...(broken.get(report.chart) ?? [])]),
  }));
}

/** Values of the stack's own that the chart does not know, and so ignores. */
export function unknownValues(chart: string, part: Part, { values }: Pick<Settings, "values">): Difference[] {
  const keys = readChartKeys(chart);
  const unknown = keys === undefined ? [] : unknownKeys(keys, values[part]);
  return unknown.map((path) => ({ fact: keyPath(`values.${part}`, path), expected: "a value that the chart knows" }));
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

function without(objects: Record<string, string>, facts: Facts): Facts {
  return new Map([...facts].filter(([fact]) => !Object.keys(objects).includes(fact.split(": ", 1)[0] ?? "")));
}

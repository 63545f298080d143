import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { OperatorError } from "../domain/problem";
import type { StackConfig } from "../config/stackConfig";
import type { Settings } from "../config/settings";
import type { ChartReport } from "../charts/check";
import { standIns } from "../local/doubles/charts";
import { excerpt } from "../charts/compare";
import { answer } from "./console";

/**
 * Adds charts-check: do the upstream charts still render our values into what the program relies on? Exits with 1 if
 * not.
 */
export function addChartsCheck(program: Command): void {
  program
    .command("charts-check")
    .description(
      "render the upstream charts with the values of each stack, and compare the result with what the program and the test doubles rely on",
    )
    .requiredOption("--charts <dir>", "mirror of the charts: a folder or .tgz for each of minio, loki, alloy, grafana")
    .option("--stack <name...>", "stacks to render", ["dev", "prod"])
    .action(async ({ charts, stack }: { charts: string; stack: string[] }) => {
      const { checkCharts } = await import("../charts/check.js");
      const reports: ChartReport[] = [];
      for (const name of stack)
        reports.push(
          ...(await checkCharts({ upstream: charts, standIns, stack: name, settings: await stackSettings(name) })),
        );
      report(reports).forEach((line) => answer(line));
      if (reports.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
    });
}

/** The settings in a stack's file. */
async function stackSettings(stack: string): Promise<Settings> {
  const file = join(__dirname, "..", `Pulumi.${stack}.yaml`);
  if (!existsSync(file))
    throw new OperatorError(
      `Pulumi.${stack}.yaml does not exist.`,
      "name a stack that has a file, such as dev or prod",
    );
  const { parse } = await import("yaml");
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const values = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { settingsIn } = await import("../config/stackConfig.js");
  return settingsIn(Object.fromEntries(values) as StackConfig);
}

/** The result as a table, then each difference. */
function report(reports: ChartReport[]): string[] {
  const row = (...[stack, chart, version, facts, against, outcome]: string[]) =>
    [stack?.padEnd(6), chart?.padEnd(8), version?.padEnd(9), facts?.padStart(5), against?.padEnd(24), outcome].join(
      "  ",
    );
  return [
    row("stack", "chart", "version", "facts", "compared with", "differences"),
    ...reports.map(({ stack, chart, version, facts, standIn, differences }) =>
      row(stack, chart, version, String(facts), standIn ? "double and program" : "program", String(differences.length)),
    ),
    ...reports.flatMap(({ stack, chart, differences }) =>
      differences.flatMap(({ fact, expected, found }) => [
        "",
        `${stack} ${chart}: ${fact}`,
        `  relied on  ${excerpt(expected, found, 110)}`,
        `  rendered   ${excerpt(found, expected, 110)}`,
      ]),
    ),
  ];
}

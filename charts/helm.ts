import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parse, parseAllDocuments } from "yaml";

import { codeOf, OperatorError, textOf } from "../domain/problem";
import type { Manifest } from "./facts";
import type { Release } from "../render/releases";

/** Kubernetes version to render charts for; one of the charts needs at least 1.25. */
const kubernetesVersion = "1.34.3";

/** The version in a chart's Chart.yaml. Throws an OperatorError. */
export async function chartVersion(chart: string): Promise<string> {
  const { version } = parse(await helm(["show", "chart", chart])) as { version: string };
  return version;
}

/** Renders a chart with a release's values. Throws an OperatorError with Helm's own words. */
export async function renderChart(chart: string, { name, namespace, values }: Release): Promise<Manifest[]> {
  const args = [
    "template",
    name,
    chart,
    "--namespace",
    namespace,
    "--kube-version",
    kubernetesVersion,
    "--values",
    "-",
  ];
  const text = await helm(args, JSON.stringify(values));
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

async function helm(args: string[], input?: string): Promise<string> {
  try {
    const running = promisify(execFile)("helm", args, { maxBuffer: 64 << 20 });
    running.child.stdin?.end(input);
    return (await running).stdout;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      throw new OperatorError(
        "Helm is not on the PATH.",
        "install Helm 3, for example `go install helm.sh/helm/v3/cmd/helm@v3.22.0`",
      );
    }
    throw new OperatorError(`helm ${args.slice(0, 3).join(" ")} failed: ${textOf(error).trim()}`, [
      "for an upstream chart, check that it is complete and includes the charts that it depends on",
      "for a test double, check values.schema.json: it takes exactly the values that the program sets",
    ]);
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { OperatorError, textOf } from "../domain/problem";
import { openLoki, type OpenLoki } from "../logs/access";
import { openStack } from "../automation/openStack";
import { summary } from "../automation/engineProgress";
import { headersFor, queryRange, type Entry } from "../logs/query";
import { tail } from "../logs/tail";
import { usageOf } from "../cluster/usage";
import { formatCpu } from "../domain/quantity";
import type { Settings } from "../config/settings";
import { bucketContent } from "../local/bucket";
import { deployDemo } from "../local/demo/demo";
import { startPlatform, type Platform } from "../local/platform";
import type { LocalStackName } from "../local/stacks";
import { answer, consoleProgress, interrupted, print, untilEngineEnds } from "./console";
import { formatBytes, formatDuration } from "../domain/duration";
import { format } from "./entryFormats";
import { requireFit } from "./operationCommands";

/** Everyday queries. */
const queries = [
  '{namespace="default"}',
  '{namespace="default"} |= "error"',
  '{namespace="default"} |~ "panic"',
  '{namespace="default"} | json | status=500',
];
const firstLineSeconds = 180;
const linesShown = 3;
const tailSeconds = 4;

export interface StartOptions {
  charts?: string;
  stack?: LocalStackName;
}

/**
 * Brings up cluster, stack and demo, shows that lines come out, and says what to do next. It leaves alone what already
 * runs.
 */
export async function start({ charts, stack: asked }: StartOptions): Promise<void> {
  const began = Date.now();
  print("local cluster");
  const platform = await startPlatform({ report: consoleProgress(), stack: asked, charts, extras: ["kubectl"] });
  printOrigins(platform);
  try {
    await showPlatform(platform, began);
  } catch (error) {
    // Remedies say plain `kubectl`. That may not be on PATH, and by default it talks to another cluster.
    if (platform.kubectl !== undefined && textOf(error).includes("kubectl"))
      print(`instead of kubectl, write: ${platform.kubectl}`);
    throw error;
  }
  printNextSteps(platform);
  print(`done in ${formatDuration(Date.now() - began)}`);
}

async function showPlatform(platform: Platform, began: number): Promise<void> {
  print(`stack ${platform.stack.name}`);
  const stack = await openStack({ ...platform.stack, print, signal: interrupted }, { create: true });
  await requireFit(stack);
  const { changes } = await untilEngineEnds(() => stack.up());
  print(`  up: ${summary(changes)}`);

  const settings = await stack.settings();
  const kubeConfig = await stack.kubeConfig();
  print("demo workload in namespace default");
  await deployDemo(kubeConfig, platform.shellImage);

  const loki = await openLoki(settings, kubeConfig, { onProblem: print });
  try {
    await showQueries(loki, began);
    await showStore(loki, kubeConfig, settings);
  } finally {
    await loki.close();
  }
  await showUsage(kubeConfig, settings);
}

async function showQueries(loki: OpenLoki, began: number): Promise<void> {
  for (const [index, query] of queries.entries()) {
    const lines = await firstLines(loki, query);
    if (index === 0) print(`first line read back ${formatDuration(Date.now() - began)} after the start`);
    answer(`\n${query}`);
    lines.slice(-linesShown).forEach((line) => answer(`  ${format(line, "text")}`));
  }
  answer(`\n${queries[0]} --follow`);
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), tailSeconds * 1000);
  await tail(loki, {
    query: queries[0] ?? "",
    signal: stopping.signal,
    onEntry: (entry) => answer(`  ${format(entry, "text")}`),
  });
  clearTimeout(timer);
}

/** Waits for the first lines that a query finds. */
async function firstLines(loki: OpenLoki, query: string): Promise<Entry[]> {
  const began = Date.now();
  let noted = began;
  let problem = "no line yet";
  while (Date.now() - began < firstLineSeconds * 1000) {
    try {
      const lines = await queryRange(loki, { query, limit: linesShown });
      if (lines.length > 0) return lines;
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      problem = "Loki does not answer yet";
    }
    if (Date.now() - noted > 10_000) {
      noted = Date.now();
      print(`  ${query}: waiting for a line for ${formatDuration(noted - began)}: ${problem}`);
    }
    await sleep(1_500);
  }
  throw new OperatorError(`${query} found nothing in ${firstLineSeconds} s: ${problem}.`, [
    "check that the demo runs: kubectl -n default get pods",
    "check that Alloy delivers: kubectl -n logharbor-alloy logs daemonset/alloy",
    "check that Loki answers: kubectl -n logharbor-loki get pods",
  ]);
}

/** Shows what the bucket holds. A Loki that has just started has stored nothing yet, so it is asked to flush first. */
async function showStore(loki: OpenLoki, kubeConfig: KubeConfig, settings: Settings): Promise<void> {
  const bucket = settings.minio.buckets.chunks;
  let content = await bucketContent(kubeConfig, settings, bucket);
  if (content.objects === 0) {
    await fetch(`${loki.url}/flush`, { method: "POST", headers: headersFor(loki) });
    for (let tries = 0; content.objects === 0 && tries < 10; tries++) {
      await sleep(1_000);
      content = await bucketContent(kubeConfig, settings, bucket);
    }
  }
  answer(
    `\nMinIO, bucket ${bucket}: ${content.objects} objects, ${formatBytes(content.bytes)} (normally ` +
      "Loki stores a chunk once it is full or idle for 30 minutes)",
  );
}

async function showUsage(kubeConfig: KubeConfig, { namespaces, grafana }: Settings): Promise<void> {
  const names = Object.entries(namespaces).flatMap(([part, name]) =>
    part === "grafana" && !grafana.enabled ? [] : [name],
  );
  answer("CPU and memory in use:");
  for (const { namespace, pods, cpu, memory } of await usageOf(kubeConfig, names)) {
    answer(
      `  ${namespace.padEnd(18)} ${formatCpu(cpu).padStart(6)} CPU  ${formatBytes(memory).padStart(9)}  ` +
        `${pods} ${pods === 1 ? "pod" : "pods"}`,
    );
  }
}

function printOrigins({ origins }: Platform): void {
  const kinds = {
    found: "found here",
    downloaded: "downloaded",
    built: "built here from upstream's sources",
    "test double": "test doubles",
  } as const;
  for (const [kind, words] of Object.entries(kinds)) {
    const parts = Object.keys(origins).filter((part) => origins[part] === kind);
    if (parts.length > 0) print(`  ${words}: ${parts.join(", ")}`);
  }
  if (!("chart grafana" in origins)) print("  left out: Grafana, because its image can't be had here");
}

function printNextSteps({ kubectl, stack }: Platform): void {
  answer(`
Next:
  npm run logs -- '{namespace="default"} |= "error"' --since 15m     query
  npm run logs -- '{namespace="default"}' --follow                   live tail
  npm run up -- --stack ${stack.name} --context NAME                           the same on your own cluster
  npm stop                                                           remove all of it`);
  if (kubectl !== undefined) answer(`  ${kubectl} get pods -A`);
}

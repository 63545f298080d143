import { setTimeout as sleep } from "node:timers/promises";
import type { RuleGroup } from "../../render/monitoring/rules";
import type { MonitoringSpec } from "../../render/monitoring/spec";
import { parseDuration } from "../../domain/duration";
import type { TestCluster } from "../support/cluster";
import { Prometheus } from "../support/prometheus";
import { waitFor } from "../support/wait";

/** Where the Prometheus of a run is. */
export const watcherNamespace = "faults-monitoring";
/**
 * Half a minute stands for ten: an alert waits for a twentieth of its `for`, and looks at rates over a twentieth of
 * their time. What it counts (`increase`) stays as users get it.
 */
const hurry = 20;
const everyMs = 5_000;
/** Always fires, and tells that alerts come through. */
const watchdog = "LogharborWatchdog";
/**
 * Alerts that tell nothing of a fault: one looks at the disk of the machine, which is not the tests' alone; the other
 * lasts for an hour after an earlier fault has killed Loki.
 */
const others = ["LogharborMinioCapacity", "LogharborWalCorrupt"];

/** Tells which alerts fire during one fault. */
export class AlertWatch {
  private readonly names = new Set<string>();
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  private constructor(
    private readonly cluster: TestCluster,
    private readonly prometheus: Prometheus,
  ) {}

  /**
   * Starts a Prometheus that knows nothing of earlier faults, so that what they counted fires no alert. Waits until it
   * reads every pod, and tells no fault.
   */
  static async start(cluster: TestCluster, spec: MonitoringSpec): Promise<AlertWatch> {
    await cluster.createNamespace(watcherNamespace);
    const prometheus = await Prometheus.start(cluster, watcherNamespace, spec, hurried);
    const watch = new AlertWatch(cluster, prometheus);
    await waitFor("the watchdog, and nothing else", 300, async () => {
      const targets = await prometheus.targets();
      const down = targets.filter(({ health }) => health !== "up");
      if (targets.length === 0 || down.length > 0)
        throw new Error(`targets that are not up: ${down.map(({ labels }) => labels.pod).join(", ")}`);
      const told = (await prometheus.alerts()).map(({ labels }) => labels.alertname ?? "");
      const early = told.filter((name) => ![watchdog, ...others].includes(name));
      if (early.length > 0) throw new Error(early.join(", "));
      return told.includes(watchdog) ? true : undefined;
    });
    watch.work = watch.look();
    return watch;
  }

  /** Waits until these alerts have fired, or until the time is over. */
  async until(expected: readonly string[], seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end && expected.some((name) => !this.names.has(name))) await sleep(1_000);
  }

  /** Ends it. @returns every alert that fired since the start, besides the watchdog */
  async stop(): Promise<string[]> {
    this.stopping.abort();
    await this.work;
    await this.prometheus.remove();
    await this.cluster.removeNamespace(watcherNamespace);
    return [...this.names].filter((name) => ![watchdog, ...others].includes(name)).sort();
  }

  private async look(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // A look that fails on a busy machine is repeated: alerts stay for longer than one.
      for (const name of await this.firing().catch(() => new Set<string>())) this.names.add(name);
      await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async firing(): Promise<Set<string>> {
    const alerts = await this.prometheus.alerts();
    return new Set(alerts.flatMap(({ labels, state }) => (state === "firing" ? [labels.alertname ?? ""] : [])));
  }
}

/** The rules in a hurry. Pure. */
export function hurried(groups: readonly RuleGroup[]): RuleGroup[] {
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({
      ...rule,
      expr: rule.expr.replace(
        /(\brate\([^[(]*\[)(\w+)\]/g,
        (_, start: string, range: string) => `${start}${sooner(range)}]`,
      ),
      ...(rule.for === undefined ? {} : { for: sooner(rule.for) }),
    })),
  }));
}

const sooner = (duration: string) => `${Math.ceil(parseDuration(duration) / 1000 / hurry)}s`;

import assert from "node:assert/strict";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Facts } from "../../doctor/facts";
import type { ReportedFinding } from "../../doctor/finding";
import { gather } from "../../doctor/gather/gather";
import { gatherPod } from "../../doctor/gather/pod";
import { judge } from "../../doctor/judge";
import { trailOf, type Hop } from "../../doctor/trail";
import type { DoctorFault } from "../e2e/doctorFaults/fault";
import type { Overrides, Platform } from "./platform";
import { waitFor } from "./wait";

/** What doctor found out, and what it makes of it. */
export interface Look {
  facts: Facts;
  findings: ReportedFinding[];
}

/** Doctor on the platform under test. */
export class Doctor {
  constructor(private readonly p: Platform) {}

  /** Everything that doctor finds out, and what it makes of it. It has to see everything. */
  async look(overrides: Overrides = {}): Promise<Look> {
    const seen = await this.lookAs(this.p.cluster.kubeConfig, overrides);
    assert.deepEqual(seen.facts.unseen, []);
    return seen;
  }

  /** The same with the rights of somebody else. */
  async lookAs(kubeConfig: KubeConfig, overrides: Overrides = {}): Promise<Look> {
    const facts = await gather({ ...(await this.target(overrides)), kubeConfig });
    return { facts, findings: judge(facts) };
  }

  /** What is wrong now, as `part/check`, the causes only; what is over does not count. */
  async causes(overrides?: Overrides): Promise<string[]> {
    return causesIn((await this.look(overrides)).findings);
  }

  /** Waits until nothing is wrong: what was mended may need a while. */
  async healthy(): Promise<void> {
    await waitFor(
      "a healthy stack",
      240,
      async () => {
        const found = await this.causes();
        if (found.length > 0) throw new Error(found.join(", "));
        return true;
      },
      1_000,
    );
  }

  /** Doctor names the fault first, and nothing else as a cause. */
  async names({ cause, within, seconds = 90 }: DoctorFault): Promise<void> {
    await this.healthy();
    await within(this.p, async (overrides) => {
      await waitFor(
        cause,
        seconds,
        async () => {
          const found = await this.causes(overrides);
          if (!found.includes(cause)) throw new Error(found.join(", ") || "nothing found");
          return true;
        },
        1_000,
      );
      assert.deepEqual(await this.causes(overrides), [cause]);
    });
  }

  /** The way of a pod's lines, from one look at the stack. */
  async trail(
    { facts, findings }: Look,
    [namespace, name]: readonly [namespace: string, name: string],
    { overrides = {}, kubeConfig = this.p.cluster.kubeConfig }: { overrides?: Overrides; kubeConfig?: KubeConfig } = {},
  ): Promise<Hop[]> {
    const found = await gatherPod({ ...(await this.target(overrides)), kubeConfig }, { namespace, name }, facts);
    return trailOf({ facts: found, stack: facts, findings });
  }

  private async target(overrides: Overrides) {
    const stack = await this.p.stack(overrides);
    return { kubeConfig: this.p.cluster.kubeConfig, settings: await stack.settings(), owner: stack.owner };
  }
}

/** The causes among some findings, as `part/check`, without what is over. */
export function causesIn(findings: readonly ReportedFinding[]): string[] {
  return findings
    .filter(({ severity, followsFrom }) => severity !== "note" && followsFrom === undefined)
    .map(({ part, check }) => `${part}/${check}`);
}

/** Why the first hop fails that does; undefined if none does. */
export function firstFailure(trail: readonly Hop[]): string | undefined {
  return trail.find(({ state }) => state === "fails")?.why?.problem;
}

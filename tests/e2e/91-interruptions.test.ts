import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { changeCount } from "../../automation/engineProgress";
import type { LogStack, OpenStackArgs } from "../../automation/logStack";
import { resourcesOf } from "../../automation/state";
import { cuttableProxy } from "../support/cuttableProxy";
import { platform } from "../support/platform";
import { killDescendants } from "../support/processes";
import { full } from "../support/sizes";

/** How an operation is interrupted. `engine` is what its stack is opened with. */
interface Way {
  name: string;
  begin(): Promise<{ engine: Pick<OpenStackArgs, "env" | "signal">; interrupt: () => void; end: () => void }>;
}

/** How long the network is away. */
const outageMs = 15_000;

const ways: readonly Way[] = [
  {
    name: "Ctrl-C",
    begin: () => {
      const abort = new AbortController();
      return Promise.resolve({
        engine: { signal: abort.signal },
        interrupt: () => abort.abort(),
        end: () => undefined,
      });
    },
  },
  {
    name: "kill -9",
    begin: () => Promise.resolve({ engine: {}, interrupt: () => void killDescendants("pulumi"), end: () => undefined }),
  },
  {
    name: "a lost network",
    begin: async () => {
      const network = await cuttableProxy();
      return {
        engine: { env: { HTTPS_PROXY: network.url } },
        interrupt: () => {
          assert.ok(network.carried() > 0, "the engine does not use this network");
          network.cut();
          void sleep(outageMs).then(network.mend);
        },
        end: network.close,
      };
    },
  },
];

/** Resources at whose step the operation is interrupted, in order. */
const points = {
  up: [
    "logharbor-minio-namespace",
    "logharbor-minio-release",
    "logharbor-store-chunks",
    "logharbor-loki-namespace",
    "logharbor-loki-release",
    "logharbor-alloy-release",
  ],
  destroy: [
    "logharbor-alloy-release",
    "logharbor-alloy-namespace",
    "logharbor-loki-release",
    "logharbor-loki-namespace",
    "logharbor-minio-release",
    "logharbor-minio-namespace",
  ],
} as const;

describe("an operation that was interrupted", () => {
  const p = platform();

  /** Runs an operation and interrupts it when it comes to a resource. Tells whether it came there. */
  const interrupted = async (way: Way, operation: "up" | "destroy", point: string): Promise<boolean> => {
    const { engine, interrupt, end } = await way.begin();
    let reached = false;
    const onEvent = ({ resourcePreEvent: step }: EngineEvent) => {
      if (reached || step?.metadata.urn.endsWith(`::${point}`) !== true || step.metadata.op === "same") return;
      reached = true;
      interrupt();
    };
    try {
      await run(await p.stack({}, onEvent, engine), operation).catch(() => undefined);
    } finally {
      end();
    }
    return reached;
  };
  const run = async (stack: LogStack, operation: "up" | "destroy"): Promise<unknown> => stack[operation]();

  for (const way of ways) {
    full(
      "an up and a destroy that are interrupted six times each",
      `by ${way.name} goes on each time, to its end`,
      async function () {
        this.timeout(1_800_000);
        if (!(await p.isEmpty())) await p.destroy();
        for (const operation of ["up", "destroy"] as const) {
          const reached: string[] = [];
          for (const point of points[operation]) if (await interrupted(way, operation, point)) reached.push(point);
          // What goes on beside a step that is interrupted may have come to the next point already.
          assert.ok(reached.length >= 4, `${operation} came only to ${reached.join(", ")}`);
          if (operation === "up") {
            await p.up();
            assert.equal(changeCount((await (await p.stack()).preview()).changes), 0);
            assert.equal((await p.askLoki("/loki/api/v1/labels")).status, 200);
          } else {
            await p.destroy();
            assert.deepEqual(
              resourcesOf(await p.exportState()).filter(({ type }) => type !== "pulumi:pulumi:Stack"),
              [],
            );
            for (const name of Object.values<string>(p.settings.namespaces))
              assert.ok(!(await p.cluster.hasNamespace(name)), name);
          }
        }
      },
    );
  }
});

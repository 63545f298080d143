import assert from "node:assert/strict";
import { at } from "../support/tree";
import { parse } from "yaml";
import { queryRange } from "../../logs/query";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

const why = "two ups; unit tests hold what is merged and what is refused";
const components = `loki.process "teams" {
  forward_to = [loki.process.pods.receiver]

  stage.match {
    selector = "{namespace=\\"e2e-hatches\\"}"

    stage.regex {
      expression = "^team=(?P<team>\\\\S+)"
    }

    stage.template {
      source   = "team"
      template = "{{ ToUpper .Value }}"
    }

    stage.labels {
      values = { team = "" }
    }
  }
}
`;
const overrides = {
  values: { loki: { loki: { serviceLabels: { team: "platform" } } } },
  loki: { config: { querier: { tail_max_duration: "2h" } } },
  alloy: { pipeline: { components, process: "loki.process.teams" } },
};

describe("escape hatches", () => {
  const p = platform();
  const namespace = "e2e-hatches";

  before(async () => p.ensureUp());

  full(
    why,
    "are in force in Loki's configuration, in its chart's values and in Alloy's pipeline, and told in the preview",
    async () => {
      const told: string[] = [];
      const preview = await p.stack(overrides, ({ diagnosticEvent: said }) => {
        if (said?.severity === "info") told.push(said.message.replace(/<\{%.*?%\}>/g, "").trim());
      });
      await preview.preview();
      for (const line of [
        "values.loki.loki.serviceLabels.team: set by the stack",
        "loki.config.querier.tail_max_duration: set by the stack",
        "alloy.pipeline.components: loki.process.teams added by the stack",
        "alloy.pipeline.process: every line of a pod passes loki.process.teams",
      ])
        assert.equal(told.filter((text) => text === line).length, 1, `${line}\nin\n${told.join("\n")}`);

      await p.withSettings(overrides, async (changed) => {
        assert.deepEqual(changed.sort(), [
          "update Release logharbor-alloy-release",
          "update Release logharbor-loki-release",
        ]);

        const running = parse(await (await p.askLoki("/config")).text()) as unknown;
        assert.equal(at(running, "querier", "tail_max_duration"), "2h0m0s");
        const { items } = await p.cluster.core.listNamespacedService({
          namespace: p.settings.namespaces.loki,
          labelSelector: "team=platform",
        });
        assert.ok(items.length > 0, "no Service has the label");

        const text = "team=shop a line of a team";
        await p.cluster.withNamespace(namespace, async () => {
          await p.cluster.runShells(namespace, [
            { name: "shop", script: `while true; do echo "${text}"; sleep 1; done` },
          ]);
          const [found] = await waitFor("a line with the label that the component adds", 90, async () => {
            const lines = await queryRange(p.loki, { query: `{namespace="${namespace}", team="SHOP"}`, limit: 1 });
            return lines.length > 0 ? lines : undefined;
          });
          assert.equal(found?.line, text);
          assert.equal(found?.labels.app, "shop", "what the platform adds stays");
        });
      });
    },
  );

  full("one preview; unit tests hold every rule", "are refused together, before the cluster is touched", async () => {
    const stack = await p.stack({
      values: { loki: { write: { replicas: 9 }, stray: 1 }, minio: { persistence: { size: "1Ti" } } },
      loki: { config: { limits_config: { retention_period: "24h" } } },
    });
    await assert.rejects(stack.preview(), (error: Error) => {
      for (const part of [
        "4 problems in the stack's config",
        "values.minio.persistence.size is decided by the setting minio.volumeSize",
        "values.loki.write.replicas is decided by the setting loki.replicas.write",
        "values.loki.stray is not a value that the chart in charts.loki.path knows",
        "loki.config.limits_config.retention_period is decided by the setting retention.warmDays",
      ])
        assert.ok(error.message.includes(part), `${part}\nin\n${error.message}`);
      return true;
    });
  });
});

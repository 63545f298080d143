import assert from "node:assert/strict";

import { wayIn, type ExposureSpec } from "../../../render/exposure";
import { grafanaValues } from "../../../render/grafana/values";
import { lokiConfig } from "../../../render/loki/config";
import { lokiValues } from "../../../render/loki/values";
import { planOf } from "../../../render/plan";
import { settingsFor } from "../../support/stack";
import { textAt, type Tree } from "../../support/tree";

/** "90s" or 90 in seconds. */
const seconds = (value: unknown) => Number(/^(\d+)s?;?$/.exec(String(value))![1]);

/** Routes of the Gateway API to Grafana and the gateway. */
const routes = {
  ingressNamespaces: ["gateway-system"],
  grafana: { url: "https://grafana.example.com" },
  gateway: { authentication: "basic" },
  exposure: {
    grafana: { kind: "route", parent: { name: "public" } },
    gateway: { kind: "route", parent: { name: "public" }, host: "loki.example.com" },
  },
};

/** How long each hop on the way of a query waits, from the outside to Loki. */
function hops(timeoutSeconds: number): Record<string, number> {
  const plan = planOf(settingsFor("prod", { ...routes, loki: { query: { timeoutSeconds } } }));
  const route = ({ exposure }: { exposure?: ExposureSpec }) => {
    const [rule] = (wayIn(exposure!).spec as { rules: { timeouts: { request: string } }[] }).rules;
    return seconds(rule!.timeouts.request);
  };
  const grafana = grafanaValues(plan.grafana!) as Tree;
  const ini = grafana["grafana.ini"] as Tree;
  const [source] = (grafana.datasources?.["datasources.yaml"]?.datasources ?? []) as unknown as Tree[];
  const snippet = textAt(lokiValues(plan.loki), "gateway", "nginxConfig", "serverSnippet");
  const nginx = (name: string) => seconds(new RegExp(`${name} (\\S+);`).exec(snippet)![1]);
  const { server } = lokiConfig(plan.loki) as Tree;
  return {
    "the route to Grafana": route(plan.grafana!),
    "the route to the gateway": route(plan.loki),
    "Grafana's proxy": seconds(ini.dataproxy?.timeout),
    "Grafana's alerts": seconds(ini.unified_alerting?.evaluation_timeout),
    "Grafana's data source": seconds(source?.jsonData?.timeout),
    "the gateway reads": nginx("proxy_read_timeout"),
    "the gateway sends": nginx("proxy_send_timeout"),
    "Loki's server reads": seconds(server?.http_server_read_timeout),
    "Loki's server writes": seconds(server?.http_server_write_timeout),
  };
}

describe("timeouts on the way of a query", () => {
  for (const timeoutSeconds of [10, 60, 300, 900, 3600]) {
    it(`a query may take ${timeoutSeconds} s: Loki ends it, and every hop still waits`, () => {
      const plan = planOf(settingsFor("prod", { loki: { query: { timeoutSeconds } } }));
      const { limits_config: limits } = lokiConfig(plan.loki) as Tree;
      assert.equal(seconds(limits?.query_timeout), timeoutSeconds);
      assert.equal(limits?.ruler_remote_evaluation_timeout, undefined, "by default it is that of a query");
      for (const [hop, waits] of Object.entries(hops(timeoutSeconds))) assert.ok(waits > timeoutSeconds, hop);
    });
  }

  it("the gateway outlasts Loki's server, and no push has less time than before", () => {
    for (const timeoutSeconds of [10, 3600]) {
      const found = hops(timeoutSeconds);
      assert.ok(found["the gateway reads"]! > found["Loki's server writes"]!);
      assert.ok(found["the route to the gateway"]! > found["the gateway reads"]!);
      assert.ok(found["the route to Grafana"]! > found["Grafana's data source"]!);
      assert.ok(found["Loki's server reads"]! >= 600);
    }
  });
});

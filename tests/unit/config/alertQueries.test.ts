import assert from "node:assert/strict";

import { findsItself, leavingOutPlatform } from "../../../config/alertQueries";

const namespaces = { minio: "store", loki: "logs", alloy: "agents", grafana: "views" };
const out = ', namespace!~"agents|logs|store|views"';

describe("an alert's query", () => {
  it("leaves out the platform's own logs, in each selector", () => {
    assert.equal(
      leavingOutPlatform('rate({namespace=~".+"} |= "a" [1m]) / rate({app="x"}[1m])', namespaces),
      `rate({namespace=~".+"${out}} |= "a" [1m]) / rate({app="x"${out}}[1m])`,
    );
  });

  it("keeps a selector that names a namespace", () => {
    for (const query of [
      'rate({namespace="logs"}[1m])',
      'rate({namespace=~"logs|store"}[1m])',
      'rate({namespace="shop"}[1m])',
      'rate({namespace=~"team-.*"}[1m])',
    ])
      assert.equal(leavingOutPlatform(query, namespaces), query);
  });

  it("is known to find itself, or not to", () => {
    const judged = (query: string) => findsItself(query, namespaces);
    assert.equal(judged('rate({namespace=~".+"} |~ "error" [1m])'), true);
    assert.equal(judged('rate({namespace="logs"} |= "panic" [1m])'), true);
    assert.equal(judged('rate({namespace="logs"}[1m])'), true);
    assert.equal(judged('rate({namespace="logs"} |= "panic" != "query=" [1m])'), false);
    assert.equal(judged('rate({namespace="logs"} |= "panic" | logfmt | level="error" [1m])'), false);
    assert.equal(judged('rate({namespace="logs"} | logfmt | status >= 500 [1m])'), false);
    assert.equal(judged('rate({namespace="agents"} |= "error" [1m])'), false);
    assert.equal(judged(leavingOutPlatform('rate({namespace=~".+"} |~ "error" [1m])', namespaces)), false);
  });
});

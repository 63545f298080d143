import assert from "node:assert/strict";

import { planOf } from "../../../../render/plan";
import { retriesOf } from "../../../../render/loki/retries";
import { settingsFor, type Overrides } from "../../../support/stack";

const retries = (overrides: Overrides) =>
  retriesOf(planOf(settingsFor("prod", overrides)).loki, "proxy_set_header X-Scope-OrgID $remote_user;");

describe("a request that no pod answers", () => {
  it("goes to the next pod of a separate target, through its headless Service", () => {
    const { httpSnippets, serverSnippets, urls } = retries({ namespaces: { loki: "logs" } });
    assert.equal(urls.customWriteUrl, "http://loki-write-headless.logs.svc.cluster.local:3100");
    assert.match(httpSnippets.join(), /^proxy_next_upstream .*http_503 non_idempotent;$/);
    assert.deepEqual(serverSnippets, []);
  });

  it("goes to several single processes again, through their headless Service, as the same tenant", () => {
    const { httpSnippets, serverSnippets, urls } = retries({
      topology: "ha-monolithic",
      dns: { domain: "corp.local" },
    });
    assert.deepEqual(urls, {});
    assert.equal(httpSnippets.length, 1);
    const [again] = serverSnippets;
    assert.match(again!, /error_page 500 502 503 = @again;/);
    assert.match(again!, /set \$backend "http:\/\/loki-headless\.logharbor-loki\.svc\.corp\.local:3100";/);
    assert.match(again!, /proxy_set_header X-Scope-OrgID \$remote_user;/);
  });

  it("is not repeated where there is one process", () => {
    const { httpSnippets, serverSnippets } = retries({ topology: "single-binary" });
    assert.deepEqual([httpSnippets, serverSnippets], [[], []]);
  });
});

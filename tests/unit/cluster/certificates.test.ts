import assert from "node:assert/strict";

import { certificateFindings } from "../../../cluster/certificates";
import { settingsFor } from "../../support/stack";

describe("certificates", () => {
  it("are missed where their maker or their Secrets are", () => {
    const manager = settingsFor("dev", { tls: { certificates: "cert-manager", issuer: "internal-ca" } });
    const problems = (...args: Parameters<typeof certificateFindings>) =>
      certificateFindings(...args).map(({ problem, remedy }) => `${problem} -> ${[remedy].flat().join()}`);
    assert.match(problems({ issuers: "absent" }, manager).join(), /has no cert-manager.*install it/);
    assert.match(
      problems({ issuers: new Map([["other", true]]) }, manager).join(),
      /ClusterIssuer internal-ca, .* does not exist.*or name another: other$/,
    );
    assert.match(
      problems({ issuers: new Map([["internal-ca", false]]) }, manager).join(),
      /not ready to sign.*describe clusterissuer internal-ca/,
    );
    assert.deepEqual(problems({ issuers: new Map([["internal-ca", true]]) }, manager), []);
    assert.deepEqual(problems({}, manager), [], "what may not be seen is not missed");

    const settings = settingsFor("dev", { tls: { certificates: "given" } });
    const { minio, alloy } = settings.namespaces;
    const secrets = new Map([
      [minio, ["ca.crt"]],
      [alloy, ["ca.crt"]],
    ]);
    assert.deepEqual(problems({ secrets }, settings), [
      `Secret logharbor-tls in ${minio} lacks tls.crt, tls.key; with tls.certificates given, you provide them ` +
        `-> kubectl -n ${minio} create secret generic logharbor-tls --from-file=tls.crt --from-file=tls.key ` +
        "--from-file=ca.crt",
    ]);
  });
});

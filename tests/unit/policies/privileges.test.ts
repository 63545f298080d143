import assert from "node:assert/strict";

import { privileges } from "../../../policies/privileges";
import { release } from "./resources";

describe("no-privileges", () => {
  const container = (fields: object) => ({ read: { extraContainers: [{ name: "x", ...fields }] } });
  const refused: [values: object, what: RegExp][] = [
    [
      container({ securityContext: { privileged: true } }),
      /read\.extraContainers\.0\.securityContext\.privileged runs a privileged/,
    ],
    [container({ securityContext: { allowPrivilegeEscalation: true } }), /lets a container gain privileges/],
    [container({ securityContext: { runAsUser: 0 } }), /runs as root/],
    [container({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }), /adds a capability/],
    [container({ ports: [{ containerPort: 80, hostPort: 80 }] }), /opens a port of the node/],
    [{ extraVolumes: [{ name: "x", hostPath: { path: "/" } }] }, /mounts a path of the node/],
    [{ controller: { hostNetwork: true } }, /shares a namespace of the node/],
    [
      { extraContainers: "- name: x\n  securityContext:\n    privileged: true\n" },
      /extraContainers\.0\.securityContext\.privileged/,
    ],
  ];
  for (const [values, what] of refused)
    it(`refuses ${JSON.stringify(values).slice(0, 90)}`, () => {
      assert.match(privileges(release({ values })).join(), what);
    });

  it("lets a plain container pass, and the files that Alloy alone reads", () => {
    const plain = { securityContext: { privileged: false, runAsUser: 1000, capabilities: { drop: ["ALL"] } } };
    assert.deepEqual(privileges(release({ values: container(plain) })), []);
    const files = {
      global: { podSecurityContext: { runAsUser: 0 } },
      controller: { volumes: { extra: [{ name: "logs", hostPath: { path: "/var/log" } }] } },
    };
    assert.deepEqual(privileges(release({ name: "alloy", values: files })), []);
    assert.equal(privileges(release({ name: "loki", values: files })).length, 2);
  });
});

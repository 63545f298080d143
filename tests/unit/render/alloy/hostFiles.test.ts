import assert from "node:assert/strict";

import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { folderOf, hostFolders } from "../../../../render/alloy/hostFiles";
import { alloyValues } from "../../../../render/alloy/values";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";

const filesAt = (...paths: string[]) => paths.map((path) => ({ app: "host", path }));
const alloyWith = (...paths: string[]) => planOf(settingsFor("dev", { alloy: { hostFiles: filesAt(...paths) } })).alloy;

describe("log files of nodes", () => {
  it("change nothing where none are named", () => {
    assert.doesNotMatch(alloyPipeline(alloyWith()), /"host"/);
  });

  it("come with app and node as index labels, and their path as structured metadata", () => {
    const text = alloyPipeline(alloyWith("/var/log/kubernetes/audit/audit.log"));
    assert.match(text, /\{ __path__ = "\/var\/log\/kubernetes\/audit\/audit\.log", app = "host" \},/);
    assert.match(text, /values = \{ filename = "" \}/);
  });

  it("take a folder each, up to the first wildcard, and none twice", () => {
    assert.equal(folderOf("/srv/app/logs/*.log"), "/srv/app/logs");
    assert.equal(folderOf("/srv/*/logs/a.log"), "/srv");
    assert.equal(folderOf("/var/log/syslog"), "/var/log");
    const spec = alloyWith("/var/log/a.log", "/srv/a/*.log", "/srv/a/b/*.log", "/opt/x/y.log", "/opt/x/z.log");
    assert.deepEqual(hostFolders(spec, ["/var/log"]), ["/opt/x", "/srv/a"]);
  });

  it("are mounted read-only", () => {
    const { alloy, controller } = alloyValues(alloyWith("/srv/app/*.log")) as unknown as {
      alloy: { mounts: { extra: { mountPath: string; readOnly?: boolean; name: string }[] } };
      controller: { volumes: { extra: { name: string; hostPath?: { path: string } }[] } };
    };
    const mount = alloy.mounts.extra.find(({ mountPath }) => mountPath === "/srv/app");
    assert.equal(mount?.readOnly, true);
    assert.equal(controller.volumes.extra.find(({ name }) => name === mount.name)?.hostPath?.path, "/srv/app");
  });
});

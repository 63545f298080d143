import assert from "node:assert/strict";
import { hostFolders } from "../../../../render/alloy/hostFiles";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { planOf } from "../../../../render/plan";
import { settingsFor, type Overrides } from "../../../support/stack";

const specWith = (journal: Overrides) => planOf(settingsFor("dev", { alloy: { journal } })).alloy;
const textWith = (journal: Overrides) => alloyPipeline(specWith(journal));

describe("the journals of nodes", () => {
  it("are not read unless a stack says so", () => {
    assert.doesNotMatch(textWith({}), /journal/);
  });

  it("have a reader for the units, which are alternatives, and one for the kernel", () => {
    const text = textWith({ enabled: true, units: ["kubelet.service", "containerd.service"] });
    const matches = [...text.matchAll(/matches {7}= (".*")/g)].map(([, match]) => JSON.parse(match!) as string);
    assert.deepEqual(matches, ["_SYSTEMD_UNIT=kubelet.service _SYSTEMD_UNIT=containerd.service", "_TRANSPORT=kernel"]);
    const readers = (journal: Overrides) =>
      [...textWith({ enabled: true, ...journal }).matchAll(/^loki\.source\.journal "(\w+)"/gm)].map(([, name]) => name);
    assert.deepEqual(readers({ kernel: false }), ["units"]);
    assert.deepEqual(readers({ units: [] }), ["kernel"]);
  });

  it("give each line its unit as app, and a level where the priority is not that of everything", () => {
    const rules = [...textWith({ enabled: true }).matchAll(/rule \{([^}]*)\}/g)].map(([, rule]) => {
      const of = (name: string) => JSON.parse(new RegExp(`${name} +=.*?(".*")`).exec(rule!)?.[1] ?? '""') as string;
      return { from: of("source_labels"), regex: of("regex"), to: of("target_label"), by: of("replacement") || "$1" };
    });
    /** As Prometheus relabels: an expression matches the whole value. */
    const relabelled = (fields: Record<string, string>) =>
      rules.reduce<Record<string, string>>((labels, { from, regex, to, by }) => {
        const match = new RegExp(`^(?:${regex})$`).exec(fields[from] ?? "");
        return match === null ? labels : { ...labels, [to]: by.replace("$1", match[1] ?? "") };
      }, {});
    const unit = (name: string, priority: string) => ({
      __journal__systemd_unit: name,
      __journal__transport: "stdout",
      __journal_priority_keyword: priority,
    });
    assert.deepEqual(relabelled(unit("kubelet.service", "info")), { app: "kubelet" });
    assert.deepEqual(relabelled(unit("docker.socket", "notice")), { app: "docker.socket" });
    assert.deepEqual(relabelled(unit("containerd.service", "error")), { app: "containerd", detected_level: "error" });
    for (const [priority, level] of [
      ["emerg", "critical"],
      ["alert", "critical"],
      ["crit", "critical"],
      ["warning", "warn"],
      ["debug", "debug"],
    ] as const)
      assert.deepEqual(relabelled({ __journal__transport: "kernel", __journal_priority_keyword: priority }), {
        app: "kernel",
        detected_level: level,
      });
  });

  it("pass the masks, and become a stream for each app and node", () => {
    const host = /loki\.process "host" \{[^]*?\n\}\n/.exec(textWith({ enabled: true }))![0];
    assert.match(host, /values = \{ node = sys\.env\("K8S_NODE_NAME"\) \}/);
    assert.match(host, /values = \{ detected_level = "" \}/);
    assert.match(host, /values = \["detected_level", "job"\]/);
    assert.match(host, /<masked:jwt>/);
  });

  it("are mounted where they are not below /var/log", () => {
    assert.deepEqual(hostFolders(specWith({ enabled: true }), ["/var/log"]), []);
    assert.deepEqual(hostFolders(specWith({ enabled: true, path: "/run/log/journal" }), ["/var/log"]), [
      "/run/log/journal",
    ]);
    assert.deepEqual(hostFolders(specWith({ path: "/run/log/journal" }), ["/var/log"]), []);
  });
});

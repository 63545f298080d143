import assert from "node:assert/strict";
import { z } from "zod";
import { jsonText } from "../../../diff/format/json";
import { markdownLimit, markdownText } from "../../../diff/format/markdown";
import { terminalText } from "../../../diff/format/terminal";
import type { Json } from "../../../diff/json";
import { reportOf } from "../../../diff/judge";
import { reportSchema, type Report } from "../../../diff/report";
import type { MaskedThing } from "../../../diff/thing";

const circumstances = { stack: "prod", before: "main", after: "this checkout", dangers: [], policies: [], notes: [] };

interface Pod {
  cpu?: string;
  image?: string;
  checksum?: string;
  chart?: string;
  replicas?: number;
  step?: number;
  strategy?: Json;
}

function workload(kind: string, name: string, pod: Pod = {}): MaskedThing {
  const {
    cpu = "100m",
    image = "docker.io/grafana/loki:3.7.6",
    checksum = "1",
    chart = "loki-18.11.0",
    replicas = 3,
  } = pod;
  return {
    maker: "release loki",
    kind,
    name,
    namespace: "loki",
    step: pod.step ?? 1,
    content: {
      metadata: { name, labels: { "helm.sh/chart": chart } },
      spec: {
        ...(kind === "DaemonSet" ? {} : { replicas }),
        ...(pod.strategy === undefined
          ? {}
          : { [kind === "Deployment" ? "strategy" : "updateStrategy"]: pod.strategy }),
        template: {
          metadata: { annotations: { "checksum/config": checksum } },
          spec: { containers: [{ name: "loki", image, resources: { requests: { cpu, memory: "1Gi" } } }] },
        },
      },
    },
  };
}

const configMap = (content: string): MaskedThing => ({
  maker: "release loki",
  kind: "ConfigMap",
  name: "loki",
  namespace: "loki",
  content: { data: { file: content } },
});

const compared = (before: MaskedThing[], after: MaskedThing[], known: Partial<Report> = {}) =>
  reportOf({ before, after }, { ...circumstances, ...known });

describe("a report", () => {
  it("of two equal sides is empty", () => {
    const side = [workload("StatefulSet", "loki"), configMap("x")];
    const report = compared(side, structuredClone(side));
    assert.deepEqual([report.objects, report.restarts, report.versions, report.unchanged], [[], [], [], 2]);
    assert.match(terminalText(report, { colours: false }), /no difference, 2 unchanged/);
  });

  it("leaves out a checksum that follows from a difference shown, and counts it; the restart stays", () => {
    const report = compared(
      [workload("StatefulSet", "loki"), configMap("a")],
      [workload("StatefulSet", "loki", { checksum: "2" }), configMap("b")],
    );
    assert.deepEqual(
      report.objects.map(({ kind }) => kind),
      ["ConfigMap"],
    );
    assert.equal(report.leftOut.checksums, 1);
    assert.deepEqual(report.restarts, [
      {
        step: 1,
        kind: "StatefulSet",
        namespace: "loki",
        name: "loki",
        pods: 3,
        how: "one by one",
        because: ['spec.template.metadata.annotations["checksum/config"]'],
      },
    ]);
  });

  it("shows a checksum that nothing explains", () => {
    const report = compared([workload("StatefulSet", "loki")], [workload("StatefulSet", "loki", { checksum: "2" })]);
    assert.equal(report.objects.length, 1);
    assert.equal(report.leftOut.checksums, 0);
  });

  it("shows the version of a chart once, not as a label of each object", () => {
    const side = (chart: string) => [workload("StatefulSet", "a", { chart }), workload("StatefulSet", "b", { chart })];
    const report = compared(side("loki-18.11.0"), side("loki-18.12.0"));
    assert.deepEqual(report.objects, []);
    assert.equal(report.leftOut.chartLabels, 2);
    assert.deepEqual(report.versions, [{ what: "chart loki", before: "18.11.0", after: "18.12.0" }]);
  });

  it("tells restarts in the order of up, with how each goes, and none for a change beside the pods", () => {
    const side = (cpu: string, replicas: number) => [
      workload("DaemonSet", "alloy", { cpu, step: 7 }),
      workload("Deployment", "gateway", { cpu, step: 4 }),
      workload("StatefulSet", "write", { cpu, step: 4 }),
      workload("Deployment", "minio", { cpu, step: 2, replicas: 1, strategy: { type: "Recreate" } }),
      workload("StatefulSet", "by-hand", { cpu, step: 9, strategy: { type: "OnDelete" } }),
      workload("StatefulSet", "scaled", { replicas }),
    ];
    const { restarts } = compared(side("1", 3), side("2", 4));
    assert.deepEqual(
      restarts.map(({ step, name, pods, how }) => [step, name, pods, how]),
      [
        [1, "minio", 1, "all at once"],
        [2, "gateway", 3, "new ones first"],
        [2, "write", 3, "one by one"],
        [3, "alloy", undefined, "node by node"],
        [4, "by-hand", 3, "only when somebody deletes them"],
      ],
    );
  });

  it("sums requests: replicas of all pods, and apart those on each node", () => {
    const side = (cpu: string) => [workload("StatefulSet", "a", { cpu }), workload("DaemonSet", "b", { cpu: "50m" })];
    const { requests } = compared(side("100m"), side("200m"));
    assert.deepEqual(requests, {
      before: { fixed: { cpu: "300m", memory: "3Gi" }, perNode: { cpu: "50m", memory: "1Gi" } },
      after: { fixed: { cpu: "600m", memory: "3Gi" }, perNode: { cpu: "50m", memory: "1Gi" } },
    });
  });

  it("names images by their repository, with tag or digest", () => {
    const side = (image: string) => [workload("StatefulSet", "a", { image })];
    const versions = (a: string, b: string) => compared(side(a), side(b)).versions;
    assert.deepEqual(versions("r.io:5000/x/loki:1", "r.io:5000/x/loki:2"), [
      { what: "image r.io:5000/x/loki", before: "1", after: "2" },
    ]);
    assert.deepEqual(versions("loki@sha256:aa", "loki:3@sha256:bb"), [
      { what: "image loki", before: "sha256:aa", after: "3@sha256:bb" },
    ]);
  });

  it("puts what is gone first, then workloads", () => {
    const { objects } = compared(
      [workload("Service", "gone")],
      [configMap("x"), workload("Service", "s"), workload("DaemonSet", "d")],
    );
    assert.deepEqual(
      objects.map(({ kind, change }) => `${change} ${kind}`),
      ["removed Service", "added DaemonSet", "added ConfigMap", "added Service"],
    );
  });

  it("says in JSON what its schema says", () => {
    const report = compared(
      [workload("StatefulSet", "a"), configMap("a\nb\n")],
      [workload("StatefulSet", "a", { cpu: "2" }), configMap("a\nc\n"), workload("DaemonSet", "new")],
      { dangers: [{ key: "k", problem: "p", remedy: "r", accepted: false }], notes: ["n"] },
    );
    const strict = z.strictObject(reportSchema.shape);
    assert.deepEqual(strict.parse(JSON.parse(jsonText(report))), report);
  });
});

describe("a report as markdown", () => {
  const big = (index: number, size: number, width: number): [MaskedThing, MaskedThing] => {
    const lines = (mark: string) =>
      Array.from({ length: size }, (_, line) => `${mark} ${line} of ${index}`.padEnd(width)).join("\n");
    return [
      { ...configMap(lines("old")), name: `map-${index}` },
      { ...configMap(lines("new")), name: `map-${index}` },
    ];
  };
  const reportOfMany = (count: number, size: number, width = 0) => {
    const pairs = Array.from({ length: count }, (_, index) => big(index, size, width));
    return compared(
      pairs.map(([before]) => before),
      pairs.map(([, after]) => after),
    );
  };

  it("is never longer than a comment may be, and says what was cut", () => {
    for (const [count, size, width] of [
      [1, 3_000, 0], // too many for a comparison line by line
      [5, 100, 100],
      [60, 60, 0],
      [3_000, 3, 0],
    ] as const) {
      const text = markdownText(reportOfMany(count, size, width));
      assert.ok(text.length <= markdownLimit, `${count} x ${size}: ${text.length}`);
      assert.match(text, /had no room here|more were cut/);
      assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
    }
    const dangers = Array.from({ length: 500 }, (_, index) => ({
      key: "k",
      problem: `${"p".repeat(300)}${index}`,
      remedy: "r",
      accepted: false,
    }));
    const text = markdownText({ ...reportOfMany(60, 60), dangers, notes: dangers.map(({ problem }) => problem) });
    assert.ok(text.length <= markdownLimit, String(text.length));
    assert.match(text, /and \d+ more/);
  });

  it("keeps a text with fences and tags inside of its block", () => {
    const text = markdownText(
      compared([configMap("a\n```\n</details>\n````\n")], [configMap("b\n```\n</details>\n````\n")]),
    );
    assert.match(text, /^`````diff$/m);
    assert.equal(text.trimEnd().split("\n").at(-1), "</details>");
  });
});

describe("a report in a terminal", () => {
  it("has the signs and colours of git", () => {
    const report = compared([configMap("a\nb\n")], [configMap("a\nc\n")]);
    const plain = terminalText(report, { colours: false });
    assert.match(plain, /^ConfigMap loki\/loki \(release loki\)\n@@ data\.file @@\n a\n-b\n\+c$/m);
    assert.ok(!plain.includes("\u001B"));
    assert.ok(terminalText(report, { colours: true }).includes("\u001B[32m+c\u001B"));
  });

  it("tells dangers with their remedies and how to accept them", () => {
    const danger = { key: "retention.warmDays", problem: "is less", remedy: "set it back", allow: "retention-cut" };
    const text = (accepted: boolean) =>
      terminalText(compared([], [], { dangers: [{ ...danger, accepted }] }), { colours: false });
    assert.match(
      text(false),
      /Dangers that up refuses\n {2}logharbor:retention\.warmDays is less\n {4}-> set it back\n.*retention-cut/,
    );
    assert.match(text(true), /Dangers that are accepted\n {2}logharbor:retention\.warmDays is less \(accepted/);
  });
});

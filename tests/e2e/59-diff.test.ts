import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { projectDir } from "../../automation/project";
import { statusOf } from "../../cli/diff";
import { terminalText } from "../../diff/format/terminal";
import { diffWithDeployed } from "../../diff/gather/deployed";
import { diffWithRevision } from "../../diff/gather/revisions";
import type { Report } from "../../diff/report";
import { standInCharts } from "../../local/doubles/charts";
import { platform } from "../support/platform";
import { full } from "../support/sizes";

describe("npm run diff", () => {
  const p = platform();

  before(async () => p.ensureUp());

  const why = "it compares the output of charts, which unit tests have from doubles only";
  const shown = (report: Report) =>
    report.objects.flatMap(({ kind, name, fields }) => fields.map(({ path }) => `${kind} ${name}: ${path}`));
  const diff = async (overrides = {}) => diffWithDeployed(await p.stack(overrides));

  full(why, "finds no difference after up, and shows no secret", async () => {
    const report = await diff();
    assert.deepEqual(shown(report), [], terminalText(report, { colours: false }));
    assert.deepEqual([report.restarts, report.versions, report.notes, report.dangers], [[], [], [], []]);
    assert.deepEqual(report.policies, []);
    assert.deepEqual(report.requests.before, report.requests.after);
    assert.ok(report.unchanged > 20, String(report.unchanged));
    assert.equal(statusOf(report), 0);
  });

  full(
    why,
    "shows a changed setting by exactly its fields and lines, and nothing after the up that follows",
    async () => {
      const wanted = { loki: { limits: { ...p.settings.loki.limits, maxEntriesLimitPerQuery: 150 } } };
      const report = await diff(wanted);
      assert.deepEqual(shown(report), ['Secret loki: data["config.yaml"]']);
      const lines = report.objects[0]!.fields[0]!.lines!.filter((line) => /^[+-]/.test(line));
      assert.deepEqual(
        lines.map((line) => line.replace(/\d+/, "N")),
        ["-  max_entries_limit_per_query: N", "+  max_entries_limit_per_query: N"],
      );
      assert.equal(report.leftOut.checksums, report.restarts.length, "each Loki restarts for its configuration");
      assert.ok(report.restarts.every(({ because }) => because.every((path) => path.includes("checksum/config"))));
      await p.withSettings(wanted, async () => assert.deepEqual(shown(await diff(wanted)), []));
      assert.deepEqual(shown(await diff()), []);
    },
  );

  full(why, "sees a secret that changes, and does not show it", async () => {
    const report = await diff({ rotation: { lokiStore: p.settings.rotation.lokiStore + 1 } });
    const secret = report.objects.find(({ kind, name }) => kind === "Secret" && name === "loki-object-store");
    assert.deepEqual(secret?.fields.map(({ path, before, after }) => [path, before, after]).at(-1), [
      "data.S3_SECRET_ACCESS_KEY",
      "[secret]",
      "[new secret]",
    ]);
  });

  full(why, "tells what up would refuse", async () => {
    const report = await diff({ retention: { warmDays: 1 } });
    assert.deepEqual(
      report.dangers.map(({ key, allow, accepted }) => [key, allow, accepted]),
      [["retention.warmDays", "retention-cut", false]],
    );
    assert.equal(statusOf(report), 3);
  });

  full(
    "it takes half a minute",
    "with --base, compares two revisions without cluster, state or credentials",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "diff-"));
      const git = (...args: string[]) =>
        execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args]);
      const file = join(folder, "Pulumi.small.yaml");
      const config = { "logharbor:profile": "dev", "logharbor:grafana": { enabled: false } };
      try {
        execFileSync("git", ["clone", "--quiet", "--shared", projectDir, folder]);
        symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"), "dir");
        writeFileSync(file, stringify({ config }));
        git("add", "Pulumi.small.yaml");
        git("commit", "--quiet", "-m", "a small stack");
        const { engine } = await p.stack();
        const { PULUMI_HOME = "" } = engine.env ?? {};
        const compare = async (base: string) =>
          diffWithRevision({
            stack: "small",
            base,
            folder,
            charts: standInCharts,
            engine: { ...engine, env: { PULUMI_HOME, KUBECONFIG: "/dev/null" } },
          });

        const same = await compare("HEAD");
        assert.deepEqual(shown(same), []);
        assert.match(terminalText(await compare("HEAD~1"), { colours: false }), /the stack is new/);

        const { config: read } = parse(readFileSync(file, "utf8")) as { config: object };
        writeFileSync(file, stringify({ config: { ...read, "logharbor:alloy": { excludeNamespaces: ["noisy"] } } }));
        assert.deepEqual(shown(await compare("HEAD")), ['ConfigMap alloy: data["config.alloy"]']);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

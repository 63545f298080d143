import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { tracePresetNames } from "../../domain/tracePresets";
import { AlloyProcess, writeLog } from "../support/alloyProcess";
import type { KnownPod } from "../support/apiServerDouble";
import { LokiSuite } from "../support/lokiSuite";
import { readAll } from "../support/readBack";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

/** Lines that a stage could break on, or take for something else. None holds a secret. */
const hostile = [
  `nul \u0000 bell \u0007 escape \u001b[31m quote " backslash \\ é ü 漢 😀 \u202e {{x}} $1 %s \${y} \\1`,
  "   ",
  "{",
  '{"level":',
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  `{"trace_id":${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}}`,
  '{"trace_id":"a","trace_id":"b","user":null,"level":["x"]}',
  'trace_id="no end of quotes user=\\',
  "trace_id= user= = == level",
  `trace_id=${"x".repeat(1_000)}`,
  "<masked:jwt> <masked:",
  "{{ .Value }} {{ template `x` }}",
  "mark in the \u0001\u0002 middle, blank \u0003\u0002 too",
  "ends in a carriage return\r",
  "\tat nothing.before(It.java:1)",
  "Caused by: nothing",
  `${"4".repeat(20_000)}`,
  `${"a".repeat(60_000)} Bearer`,
  `${"-----BEGIN ".repeat(2_000)}`,
  "é".repeat(20_000),
  // A joined entry is cut if the mark of a cut entry would not fit behind it within 256 KiB.
  "x".repeat(262_144 - "<truncated>".length),
];

/** Real Alloy and real Loki as processes of this machine. A double stands in for the API server. */
describe("hostile lines, through every stage of Alloy", () => {
  const loki = new LokiSuite("hostile");
  const { dir } = loki;

  full(
    "half a minute; a core test pushes hostile lines to Loki itself",
    "are stored unchanged by masks, fields, rules, limits, tenants and every way of joining lines",
    async () => {
      const presets = tracePresetNames.map((preset) => ({ namespace: preset, preset }));
      const namespaces = ["plain", "first-line", ...tracePresetNames];
      const pods = namespaces.map((namespace): KnownPod => ({ namespace, name: "web-0", uid: namespace, labels: {} }));
      const alloy = {
        fields: ["trace_id", "user"],
        rules: [
          { name: "drop", action: "drop", pattern: "^drop-this-line$" },
          { name: "traced", action: "keep", level: "error" },
        ],
        limits: { namespaceLinesPerSecond: 100_000 },
        tenants: { plain: "team-a" },
        multiline: { rules: [...presets, { namespace: "first-line", firstLine: "^[A-Z]" }], maxWaitSeconds: 1 },
      };
      const place = { dir: join(dir, "alloy"), lokiUrl: loki.url, pods, alloy };
      mkdirSync(place.dir);
      const began = new Date(Date.now() - 60_000);
      const running = await AlloyProcess.start(place);
      try {
        for (const pod of pods)
          for (const [index, line] of hostile.entries()) writeLog(place.dir, pod, [line], { container: `c${index}` });
        for (const { namespace } of pods)
          for (const [index, line] of hostile.entries()) {
            const query = `{namespace="${namespace}", container="c${index}"}`;
            const [entry] = await waitFor(query, 60, async () => {
              const found = await readAll({ url: loki.url, tenant: "any" }, query, began);
              return found.length > 0 ? found : undefined;
            });
            // Alloy takes a carriage return at the end of a line for a part of the line break.
            const expected = line.replace(/\r$/, "");
            const where = `${namespace}: ${line.slice(0, 60)}: ${entry!.line.length} letters of ${expected.length}`;
            assert.ok(entry!.line === expected, where);
          }
        assert.equal(await running.metric("loki_process_dropped_lines_total"), 0);
        assert.equal(await running.metric("loki_write_dropped_entries_total"), 0);
        // The line that brings a mask itself is counted, once a namespace.
        assert.equal(await running.metric("logharbor_masked_lines_total"), pods.length);
      } finally {
        await running.stop();
      }
    },
  );
});

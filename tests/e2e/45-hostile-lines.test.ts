import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { queryRange } from "../../logs/query";
import { platform } from "../support/platform";
import { core } from "../support/sizes";
import { withTenantLimits } from "../support/tenantLimits";
import { waitFor } from "../support/wait";

/** Loki's limit for one line, in bytes. */
const longest = 256 * 1024;

/** Each line is stored unchanged, or refused and counted with a reason: none is lost silently. */
describe("hostile lines", () => {
  const p = platform();
  const tenant = "hostile";

  before(async () => p.ensureUp());

  const digest = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
  const nanoseconds = (ms: number) => String(BigInt(Math.round(ms)) * 1_000_000n);
  type Stream = { stream: Record<string, string>; values: [string, string][] };

  const push = async (streams: Stream[], headers: Record<string, string> = { "X-Scope-OrgID": tenant }) => {
    const response = await fetch(`${p.loki.url}/loki/api/v1/push`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ streams }),
    });
    return { status: response.status, text: await response.text() };
  };
  const stored = async (query: string, of = tenant) =>
    (await queryRange({ ...p.loki, tenant: of }, { query, limit: 100 })).map(({ line }) => line);

  /** Sum of a Loki metric over the ingesting pods, for the series that have all these labels. */
  const counted = async (reason: string, of = tenant) => {
    let sum = 0;
    for (const text of await p.askEach(p.workloads.loki, "metrics")) {
      for (const line of text.split("\n")) {
        if (
          line.startsWith("loki_discarded_samples_total{") &&
          line.includes(`reason="${reason}"`) &&
          line.includes(`tenant="${of}"`)
        )
          sum += Number(line.slice(line.lastIndexOf(" ")));
      }
    }
    return sum;
  };

  /** Pushes lines that Loki must refuse, and checks that Loki says why and counts each of them. */
  const refused = async (streams: Stream[], { says, reason }: { says: RegExp; reason: string }) => {
    const before = await counted(reason);
    const answer = await push(streams);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.text, says);
    assert.equal((await counted(reason)) - before, 1, `${reason} was not counted`);
  };
  const line = (job: string, text: string, ms = Date.now()): Stream => ({
    stream: { job },
    values: [[nanoseconds(ms), text]],
  });

  core("of 256 KiB, or one byte less, are stored unchanged; one byte more is refused and counted", async () => {
    for (const length of [longest - 1, longest]) {
      const text = `${length} `.padEnd(length, "x");
      assert.equal((await push([line(`long-${length}`, text)])).status, 204);
      const lines = await waitFor("the long line", 30, async () =>
        (await stored(`{job="long-${length}"}`)).length > 0 ? stored(`{job="long-${length}"}`) : undefined,
      );
      assert.deepEqual(lines.map(digest), [digest(text)]);
    }
    await refused([line("too-long", "x".repeat(longest + 1))], { says: /[Mm]ax entry size/, reason: "line_too_long" });
  });

  core("with NUL, control characters, quotes and letters of every length are stored unchanged", async () => {
    const text = `nul \u0000 bell \u0007 escape \u001b[31m quote " backslash \\ é ü 漢 😀 \u202e {{x}} $1 %s`;
    assert.equal((await push([line("odd", text)])).status, 204);
    assert.deepEqual(
      await waitFor("the odd line", 30, async () =>
        (await stored('{job="odd"}')).length > 0 ? stored('{job="odd"}') : undefined,
      ),
      [text],
    );
  });

  core("with 16 labels, older than the limit, or from the future are refused with a reason, and counted", async () => {
    const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`label_${index}`, "x"]));
    await refused([{ stream: labels, values: [[nanoseconds(Date.now()), "16 labels"]] }], {
      says: /16 label names; limit 15/,
      reason: "max_label_names_per_series",
    });
    const old = Date.now() - (p.settings.loki.limits.rejectOldSamplesHours + 1) * 3_600_000;
    await refused([line("old", "old", old)], { says: /timestamp too old/, reason: "greater_than_max_sample_age" });
    await refused([line("future", "future", Date.now() + 11 * 60_000)], {
      says: /timestamp too new/,
      reason: "too_far_in_future",
    });
  });

  core("leave a good line in the same push alone", async () => {
    const answer = await push([line("mixed", "good"), line("mixed", "x".repeat(longest + 1), Date.now() + 1)]);
    assert.equal(answer.status, 400);
    assert.deepEqual(
      await waitFor("the good line", 30, async () =>
        (await stored('{job="mixed"}')).length > 0 ? stored('{job="mixed"}') : undefined,
      ),
      ["good"],
    );
  });

  core("are refused if their push is cut off, is not a push at all, or has no tenant", async () => {
    const post = async (body: BodyInit, headers: Record<string, string>) =>
      (await fetch(`${p.loki.url}/loki/api/v1/push`, { method: "POST", headers, body })).status;
    // Snappy that promises 100 bytes and holds 3; and bytes that are not protobuf.
    assert.equal(
      await post(Buffer.from([100, 8, 97, 98]), { "Content-Type": "application/x-protobuf", "X-Scope-OrgID": tenant }),
      400,
    );
    assert.equal(
      await post(Buffer.from([4, 12, 255, 255, 255, 255]), {
        "Content-Type": "application/x-protobuf",
        "X-Scope-OrgID": tenant,
      }),
      400,
    );
    assert.equal(
      await post('{"streams": [{"stream": {"job": "cut"', {
        "Content-Type": "application/json",
        "X-Scope-OrgID": tenant,
      }),
      400,
    );
    assert.equal((await push([line("nobody", "x")], {})).status, 401);
    assert.deepEqual(await stored('{job=~"cut|nobody"}'), []);
  });

  core("of a pod go all the way through Alloy: stored unchanged, or dropped and counted by both", async () => {
    const namespace = "e2e-hostile";
    const own = p.settings.tenant;
    const [refusedBefore, droppedBefore] = [
      await counted("line_too_long", own),
      await p.alloyMetric("loki_write_dropped_entries_total", ""),
    ];
    await p.cluster.withNamespace(namespace, async () => {
      const long = (length: number) => `head -c ${length - 1} /dev/zero | tr '\\0' x; echo y`;
      const script =
        `printf 'nul \\000 in it\\n'; printf 'not \\377\\376 UTF-8\\n'; ${long(longest)}; ` +
        `${long(longest + 1)}; ${long(20_000)}; echo last; sleep 36000`;
      await p.cluster.runShells(namespace, [{ name: "writer", script }]);
      const lines = await waitFor("the last line", 120, async () => {
        const found = await stored(`{namespace="${namespace}"}`, own);
        return found.includes("last") ? found : undefined;
      });
      const has = (text: string) => lines.some((found) => digest(found) === digest(text));
      assert.ok(has(`${"x".repeat(20_000 - 1)}y`), "the line of 20 kB, which the runtime writes in two parts");
      assert.ok(has(`${"x".repeat(longest - 1)}y`), "the line of 256 KiB");
      assert.ok(
        lines.some((found) => found.startsWith("nul ") && found.endsWith(" in it")),
        `the line with NUL, of ${lines.map((found) => JSON.stringify(found.slice(0, 20))).join()}`,
      );
      assert.ok(
        lines.some((found) => found.startsWith("not ") && found.endsWith(" UTF-8")),
        "the line that is not UTF-8",
      );
      assert.equal(lines.length, 5);
      await waitFor("the dropped line to be counted", 60, async () =>
        (await p.alloyMetric("loki_write_dropped_entries_total", "")) > droppedBefore ? true : undefined,
      );
      assert.ok((await counted("line_too_long", own)) > refusedBefore, "Loki did not count the line that it refused");
    });
  });

  core("of one stream too many are refused and counted, and existing streams continue", async () => {
    const [limit, tried] = [100, 200];
    await withTenantLimits(p, tenant, { max_global_streams_per_user: limit }, async () => {
      const streams = Array.from({ length: tried }, (_, index) => ({
        stream: { job: "many", number: String(index) },
        values: [[nanoseconds(Date.now()), "x"]] as [string, string][],
      }));
      const before = await counted("stream_limit");
      const answer = await push(streams);
      assert.equal(answer.status, 429, answer.text);
      assert.match(answer.text, /[Mm]aximum active stream limit/);
      const refused = (await counted("stream_limit")) - before;
      assert.ok(refused > 0);
      const taken = streams[0]!.stream.number;
      assert.equal(
        (await push([{ stream: { job: "many", number: taken }, values: [[nanoseconds(Date.now()), "goes on"]] }]))
          .status,
        204,
      );
      // Loki refuses only these: it stores all other streams of the same push.
      const kept = await waitFor("the others of the push", 30, async () => {
        const found = await queryRange({ ...p.loki, tenant }, { query: '{job="many"} |= "x"', limit: tried });
        return found.length > 0 ? found.length : undefined;
      });
      if (p.settings.topology === "single-binary") assert.equal(kept + refused, tried);
    });
  });
});

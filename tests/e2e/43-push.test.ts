import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDir } from "../../automation/project";
import { cacheDir } from "../../local/cache";
import { lokiConfig } from "../../render/loki/config";
import { planOf } from "../../render/plan";
import { Loki } from "../benchmarks/encodings/lokiProcess";
import { gatewayDouble, type GatewayDouble } from "../support/gatewayDouble";
import { readAll } from "../support/readBack";
import { full } from "../support/sizes";
import { settingsFor } from "../support/stack";
import type { Tree } from "../support/tree";
import { waitFor } from "../support/wait";

const lokiProgram = join(cacheDir(), "bin", "loki");
const host = "loki-gateway.logharbor-loki.svc";
const password = "a password"; // of team-a

/** The examples of a page in a language, in their order. */
function examples(page: string, language: string): string[] {
  const text = readFileSync(join(projectDir, "docs", page), "utf8");
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, name, code]) =>
    name === language ? [code!] : [],
  );
}

/** What docs/push.md shows, as it stands there, against a real Loki. A double stands in for the gateway. */
describe("the examples of pushing from elsewhere", () => {
  const dir = mkdtempSync(join(tmpdir(), "push-"));
  const began = new Date(Date.now() - 60_000);
  let loki: Loki;
  let gateway: GatewayDouble;

  before(async function () {
    if (!existsSync(lokiProgram)) {
      console.log("      skipped: Loki runs in a container here");
      this.skip();
    }
    const { limits_config } = lokiConfig(planOf(settingsFor("dev")).loki) as Tree;
    const limits = { otlp_config: limits_config?.otlp_config };
    loki = await Loki.start({ bin: lokiProgram, dir, encoding: "none", writes: true, overrides: {}, limits });
    gateway = await gatewayDouble(loki.url, { "team-a": password }, host);
    writeFileSync(join(dir, "ca.crt"), gateway.certificate);
    // The gateway is on another port of this machine. curl takes options from this file.
    writeFileSync(
      join(dir, ".curlrc"),
      `connect-to = "${host}:443:127.0.0.1:${gateway.port}"\nfail\nsilent\nshow-error\n`,
    );
  });
  after(() => {
    gateway?.close();
    loki?.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Runs a script of a shell as somebody who has the tenant's password and the authority's certificate. */
  const shell = async (script: string, PASSWORD = password) => {
    const env = { ...process.env, PASSWORD, CURL_HOME: dir, NODE_PATH: join(projectDir, "node_modules") };
    return promisify(execFile)("bash", ["-ec", script], { cwd: dir, env, timeout: 30_000 });
  };
  const stored = async (query: string) =>
    waitFor(query, 20, async () => {
      const [entry] = await readAll({ url: loki.url, tenant: "team-a" }, query, began);
      return entry;
    });
  const shells = examples("push.md", "sh");

  full("seconds", "by curl: the line is there, with its labels and metadata", async () => {
    const [curl = ""] = shells.filter((script) => script.includes("/loki/api/v1/push"));
    await shell(curl);
    const { labels, line, metadata } = await stored('{app="billing"}');
    assert.deepEqual([line, labels.app, metadata.order], ["order 7 paid", "billing", "7"]);
    await assert.rejects(shell(curl, "wrong"), /401/);
  });

  full("seconds", "by an OpenTelemetry SDK: the record is there, as the page says", async () => {
    const [settings = ""] = shells.filter((script) => script.includes("OTEL_EXPORTER"));
    const [program = ""] = examples("push.md", "js");
    writeFileSync(join(dir, "push.js"), program);
    const here = settings.replace(`https://${host}`, `https://localhost:${gateway.port}`);
    assert.notEqual(here, settings);
    await shell(`${here}\n${JSON.stringify(process.execPath)} push.js`);
    const { labels, line, metadata } = await stored('{service_name="billing"} | order_id="7"');
    assert.deepEqual(
      [line, labels.service_name, metadata.severity_text, metadata.detected_level, metadata.scope_name],
      ["order 7 paid", "billing", "WARN", "warn", "orders"],
    );
  });
});

import * as fs from "node:fs";
import * as path from "node:path";
import { OperatorError, textOf } from "../../../domain/problem";
import { cacheDir } from "../../../local/cache";
import { run } from "../../../local/cluster/run";
import { moduleCache } from "../../../local/builds/build";
import { programs } from "../../../local/builds/programs";

const { module, version } = programs.loki;

/**
 * Folder with the log lines of real programs that Loki's module contains for its own tests. Downloads the module once,
 * and compiles nothing of it.
 * @throws OperatorError if the download fails.
 */
export async function lokiSamples(): Promise<string> {
  const samples = path.join(cacheDir(), "samples", `loki-${version}`);
  if (!fs.existsSync(samples)) {
    const unfinished = `${samples}.new`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.mkdirSync(unfinished, { recursive: true });
    const dir = path.join(await lokiModule(), "pkg/pattern/drain/testdata");
    // Without their modes, because a module cache is read-only.
    for (const file of fs.readdirSync(dir)) {
      fs.writeFileSync(path.join(unfinished, file), fs.readFileSync(path.join(dir, file)));
    }
    fs.renameSync(unfinished, samples);
  }
  return samples;
}

/** Path of the module in our cache for Go. Go checks it against the hash in go.sum. */
async function lokiModule(): Promise<string> {
  try {
    const go = ["go", "mod", "download", "-json", `github.com/grafana/loki/v3@${version}`];
    const cwd = path.join(__dirname, "../../../local/builds", module);
    return (
      JSON.parse(await run("env", [`GOMODCACHE=${moduleCache}`, "GOWORK=off", ...go], { cwd })) as { Dir: string }
    ).Dir;
  } catch (error) {
    throw new OperatorError(`The log lines in Loki's own tests could not be downloaded: ${textOf(error)}`, [
      "check that Go is on PATH and that its modules can be downloaded (GOPROXY)",
      "or name files of real logs with --lines",
    ]);
  }
}

import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../../local/cache";
import { Loki } from "../benchmarks/encodings/lokiProcess";
import { alloyProgram } from "./alloyProcess";

const lokiProgram = join(cacheDir(), "bin", "loki");

/** A folder and a real Loki, as a process of this machine, for the tests of a suite; it skips where there is none. */
export class LokiSuite {
  readonly dir: string;
  private process?: Loki;

  /** @param name of the suite, in the name of the folder */
  constructor(name: string) {
    this.dir = mkdtempSync(join(tmpdir(), `${name}-`));
    const start = async () => {
      const dir = join(this.dir, "loki");
      mkdirSync(dir);
      this.process = await Loki.start({ bin: lokiProgram, dir, encoding: "none", writes: true });
    };
    before(async function () {
      if (!existsSync(alloyProgram) || !existsSync(lokiProgram)) {
        console.log("      skipped: Alloy and Loki run in containers here");
        this.skip();
      }
      await start();
    });
    after(() => {
      this.process?.kill();
      rmSync(this.dir, { recursive: true, force: true });
    });
  }

  get url(): string {
    return this.process!.url;
  }
}

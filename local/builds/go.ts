import { unzipSync } from "fflate";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { basicLogin } from "../../domain/basicLogin";
import { OperatorError } from "../../domain/problem";
import { cacheDir } from "../cache";
import { run } from "../cluster/run";
import { type Progress } from "../report";

/** The Go that we download if the machine has none, or one that is too old. */
export const broughtGoVersion = "1.26.8";

/** Hashes of its modules from Go's checksum database, by Node's name for the processor. */
const hashes: Readonly<Record<string, { readonly goArch: string; readonly h1: string }>> = {
  x64: { goArch: "amd64", h1: "h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=" },
  arm64: { goArch: "arm64", h1: "h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc=" },
};

/** A `go` command. */
export interface Go {
  readonly command: string;
  readonly version: string;
}

/** The `go` on PATH. */
export async function installedGo(): Promise<Go | undefined> {
  return goAt("go");
}

/** Whether we can download a Go for this machine. */
export function canBringGo(platform: string, arch: string): boolean {
  return platform === "linux" && arch in hashes;
}

/** Where to download Go from, and where to keep it. */
export interface GoPlaces {
  /** In the form that the go command accepts as GOPROXY. */
  readonly goProxy?: string;
  readonly dir?: string;
}

/**
 * Downloads Go from the place of all other Go modules. Go is a module too, so one GOPROXY setting covers it as well,
 * and the hash is the one that Go itself would check. It unpacks Go into the cache, once, and changes nothing else on
 * the machine.
 * @throws OperatorError if the download fails, or does not match its hash.
 */
export async function bringGo(report: Progress, places: GoPlaces = {}): Promise<Go> {
  const { goProxy = process.env.GOPROXY, dir = path.join(cacheDir(), "go") } = places;
  const root = path.join(dir, broughtGoVersion);
  const command = path.join(root, "bin", "go");
  if (!fs.existsSync(root)) {
    const { goArch, h1 } = hashes[process.arch]!;
    const module = `golang.org/toolchain@v0.0.1-go${broughtGoVersion}.linux-${goArch}`;
    report.step(`downloading Go ${broughtGoVersion} (75 MB), because none on PATH is new enough`);
    const files = unpacked(await download(module, goProxy));
    const hash = moduleHash(files);
    if (hash !== h1) {
      const what = `Go ${broughtGoVersion} came with the hash ${hash} instead of ${h1}`;
      throw new OperatorError(`${what}: its source, or a mirror in between, changed it.`, installYourself);
    }
    write(files, `${module}/`, root);
    report.done(`Go ${broughtGoVersion} unpacked`);
  }
  const go = await goAt(command);
  if (go === undefined)
    throw new OperatorError(`${command} does not run here.`, [`remove ${root} and start again`, installYourself]);
  return go;
}

const installYourself = `or install Go ${broughtGoVersion} or newer yourself: https://go.dev/dl`;

async function goAt(command: string): Promise<Go | undefined> {
  try {
    const version = /go(\d+(\.\d+)*)/.exec(await run("env", ["GOTOOLCHAIN=local", command, "version"]))?.[1];
    return version === undefined ? undefined : { command, version };
  } catch {
    return undefined;
  }
}

/** Addresses to ask for Go, in the order of GOPROXY; `direct` means the makers of Go. */
export function goSources(goProxy: string | undefined): string[] {
  return (goProxy || "https://proxy.golang.org,direct")
    .split(/[,|]/)
    .map((source) => (source.trim() === "direct" ? "https://go.dev/dl/mod" : source.trim().replace(/\/$/, "")))
    .filter((source) => /^https?:/.test(source));
}

async function download(module: string, goProxy: string | undefined): Promise<Uint8Array> {
  const [name, version] = module.split("@");
  const faults: string[] = [];
  for (const source of goSources(goProxy)) {
    const url = new URL(`${source}/${name}/@v/${version}.zip`);
    try {
      const response = await fetch(withoutLogin(url), { headers: loginOf(url) });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      faults.push(`${url.host} answered ${response.status}`);
    } catch (error) {
      faults.push(`${url.host}: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`);
    }
  }
  const why = faults.join("; ") || "GOPROXY names no address";
  throw new OperatorError(`Go ${broughtGoVersion}, which compiles the programs, could not be downloaded: ${why}.`, [
    "check the network; set GOPROXY if you get Go modules from a mirror",
    "behind a proxy server set NODE_USE_ENV_PROXY=1 (Node 22.21 or newer)",
    installYourself,
  ]);
}

/** The URL without its login, because fetch refuses a login in the address. */
function withoutLogin(url: URL): URL {
  const bare = new URL(url);
  bare.username = bare.password = "";
  return bare;
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  return basicLogin(decodeURIComponent(username), decodeURIComponent(password));
}

type Files = Readonly<Record<string, Uint8Array>>;

/** The files of a module's archive, by their names. */
function unpacked(archive: Uint8Array): Files {
  try {
    return unzipSync(archive);
  } catch (error) {
    throw new OperatorError(`The download of Go ${broughtGoVersion} is not an archive: ${(error as Error).message}.`, [
      "start again",
      installYourself,
    ]);
  }
}

/** The hash of a module as in go.sum: over the names and hashes of its files, however they were packed. */
export function moduleHash(files: Files): string {
  const sum = createHash("sha256");
  for (const name of Object.keys(files).sort()) {
    sum.update(`${createHash("sha256").update(files[name]!).digest("hex")}  ${name}\n`);
  }
  return `h1:${sum.digest("base64")}`;
}

/**
 * Writes the files of Go's module as Go itself does: programs become executable, and `_go.mod` becomes go.mod, because
 * a module cannot contain a second go.mod.
 */
function write(files: Files, prefix: string, root: string): void {
  const unfinished = `${root}.part`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    const inside = name.slice(prefix.length);
    const file = path.join(unfinished, path.dirname(inside), path.basename(inside).replace(/^_go\.mod$/, "go.mod"));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode: /^(bin|pkg\/tool)\//.test(inside) ? 0o755 : 0o644 });
  }
  fs.renameSync(unfinished, root);
}

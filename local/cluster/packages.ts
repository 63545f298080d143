import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheDir } from "../cache";
import { type Progress } from "../report";
import { run } from "./run";

/**
 * Packages of the machine's own distribution that the node and its pods use. Each comes with the libraries that the
 * machine lacks.
 */
const names = [
  "etcd-server",
  "containerd",
  "runc",
  "containernetworking-plugins",
  "iptables",
  "ipset",
  "conntrack",
  "busybox-static",
  "tini",
  "nginx",
  "memcached",
];

/** Debian has two kinds of iptables, and its installer makes a link that chooses one. We make that link ourselves. */
const iptables = ["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"];

/**
 * Unpacks the packages into the cache, once. It installs nothing on the machine and starts no service.
 * @returns the directory that holds their usr/.
 * @throws Error with apt-get's own words if they cannot be downloaded.
 */
export async function ensurePackages(report: Progress): Promise<string> {
  const stamp = createHash("sha256")
    .update(fs.readFileSync("/etc/os-release"))
    .update(names.join())
    .digest("hex")
    .slice(0, 8);
  const dir = path.join(cacheDir(), "packages", stamp);
  if (fs.existsSync(dir)) return dir;

  report.step(`Debian packages: ${names.join(", ")}`);
  const unfinished = `${dir}.part`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  const archives = path.join(unfinished, "archives");
  fs.mkdirSync(path.join(archives, "partial"), { recursive: true });
  try {
    await download(archives);
  } catch {
    await run("apt-get", ["update"]); // the machine's package lists are missing, or name versions that are gone
    await download(archives);
  }
  for (const file of fs.readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    await unpack(path.join(archives, file), unfinished);
  }
  for (const name of iptables) {
    fs.symlinkSync(name.replace("tables", "tables-nft"), path.join(unfinished, "usr/sbin", name));
  }
  fs.rmSync(archives, { recursive: true });
  fs.renameSync(unfinished, dir);
  report.done("Debian packages unpacked");
  return dir;
}

async function download(archives: string): Promise<void> {
  await run("apt-get", [
    "install",
    "--download-only",
    "--reinstall",
    "--no-install-recommends",
    "--yes",
    "-o",
    `Dir::Cache::archives=${archives}`,
    ...names,
  ]);
}

/** Packages still name /bin, /sbin and /lib, but these directories have long been in /usr. */
async function unpack(archive: string, target: string): Promise<void> {
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    fs.mkdirSync(path.join(target, "usr", name), { recursive: true });
    if (!fs.existsSync(path.join(target, name))) fs.symlinkSync(`usr/${name}`, path.join(target, name));
  }
  await run("bash", [
    "-c",
    'set -o pipefail; dpkg-deb --fsys-tarfile "$0" | tar --extract --keep-directory-symlink --directory "$1"',
    archive,
    target,
  ]);
}

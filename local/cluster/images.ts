import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Programs } from "../builds/build";
import { type ProgramName } from "../builds/programs";
import { type Progress } from "../report";
import { archive, type FileContent, type Image } from "./image";
import { imageName } from "./imageName";
import { runInside } from "./init";
import { type Node } from "./node";
import { run } from "./run";

/** MinIO's chart starts its server through a shell and this script, as in the upstream image. */
const minioEntrypoint = '#!/bin/sh\n[ "$1" = minio ] || set -- minio "$@"\nexec "$@"\n';

/** Programs of the machine's own distribution that run in pods, each with the settings of its image. */
const ofPackages = {
  // as in the upstream image, the configuration is where the chart mounts it
  nginx: { file: "usr/sbin/nginx", user: "101:101", command: ["-g", "daemon off;"] },
  memcached: { file: "usr/bin/memcached", user: "11211:11211", command: [] },
} as const;

/**
 * Images of programs that come from packages, with the libraries that they load.
 * @param packages the directory that holds the packages' usr/
 */
export async function packagedImages(packages: string): Promise<Image[]> {
  return Promise.all(
    Object.entries(ofPackages).map(async ([name, { file, user, command }]) => ({
      name: imageName(name as keyof typeof ofPackages),
      files: { [file]: { copy: path.join(packages, file) }, ...(await libraries(packages, file)) },
      entrypoint: [`/${file}`],
      command,
      user,
    })),
  );
}

/**
 * The shared libraries of a program, each at the path where Debian's loader looks for it. Libraries of the packages win
 * over the machine's.
 */
async function libraries(packages: string, file: string): Promise<Record<string, FileContent>> {
  const dir = `lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
  const listed = await run("env", [
    `LD_LIBRARY_PATH=${path.join(packages, "usr", dir)}`,
    "ldd",
    path.join(packages, file),
  ]);
  // `NAME => PLACE (0x...)`, and the loader itself as `PLACE (0x...)`.
  const found = [...listed.matchAll(/(?:(\S+) => )?(\/\S+) \(0x/g)];
  return Object.fromEntries(
    found.map(([, name, place = ""]) => [
      name === undefined ? place.slice(1) : `${dir}/${name}`,
      { copy: fs.realpathSync(place) },
    ]),
  );
}

/**
 * The other images of the node: those of the cluster itself, and those that the local stack uses.
 * @param busybox path of a static busybox; its programs `applets` become links to it
 */
export function images(built: Programs, busybox: string, applets: readonly string[]): Image[] {
  const shell: Record<string, FileContent> = {
    "bin/busybox": { copy: busybox },
    ...Object.fromEntries(applets.map((applet) => [`bin/${applet}`, { link: "busybox" }])),
  };
  const image = (program: ProgramName, file: string, more: Partial<Image> = {}): Image => ({
    name: imageName(program),
    entrypoint: [`/${file}`],
    ...more,
    files: { [file]: { copy: built.bin(program) }, ...more.files },
  });
  return [
    image("pause", "pause"),
    image("coredns", "coredns"),
    image("local-path-provisioner", "usr/bin/local-path-provisioner"),
    { name: imageName("busybox"), files: shell, command: ["/bin/sh"] },
    // the charts expect the paths and users of the upstream images
    image("minio", "usr/bin/minio", {
      entrypoint: ["/usr/bin/docker-entrypoint.sh"],
      command: ["minio"],
      files: {
        ...shell,
        "usr/bin/mc": { copy: built.bin("mc") },
        "usr/bin/docker-entrypoint.sh": { text: minioEntrypoint },
      },
    }),
    image("loki", "usr/bin/loki", { user: "10001:10001" }),
    image("alloy", "bin/alloy", { user: "473:473" }),
    ...(built.names.includes("alertmanager")
      ? [image("alertmanager", "bin/alertmanager", { user: "65534:65534" })]
      : []),
    ...(built.names.includes("loki-canary") ? [image("loki-canary", "usr/bin/loki-canary")] : []),
    ...(built.names.includes("cert-manager") ? [image("cert-manager", "usr/bin/cert-manager")] : []),
    ...(built.names.includes("prometheus") ? [image("prometheus", "bin/prometheus")] : []),
  ];
}

/** Applets of a busybox, without those whose names are not file names. */
export async function listApplets(busybox: string): Promise<string[]> {
  return (await run(busybox, ["--list"]))
    .split("\n")
    .filter((applet) => /^[\w-]+$/.test(applet) && applet !== "busybox");
}

/** Imports the images that the node's containerd lacks, or has in an older form. */
export async function importImages(node: Node, wanted: readonly Image[], report: Progress): Promise<void> {
  const file = path.join(node.dir, "images.json");
  const imported = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>) : {};
  for (const image of outdated(wanted, imported)) {
    report.step(`image ${image.name}`);
    await runInside(node, ["ctr", "--namespace=k8s.io", "images", "import", "-"], await archive(image));
    imported[image.name] = fingerprint(image);
    fs.writeFileSync(`${file}.part`, JSON.stringify(imported));
    fs.renameSync(`${file}.part`, file);
    report.done(`image ${image.name} imported`);
  }
}

/** Images that differ from the imported ones, by fingerprint. */
export function outdated(wanted: readonly Image[], imported: Readonly<Record<string, string>>): Image[] {
  return wanted.filter((image) => imported[image.name] !== fingerprint(image));
}

/** Shows whether an image changed, without reading its large files. */
function fingerprint(image: Image): string {
  const files = Object.entries(image.files).map(([name, content]) => {
    if (!("copy" in content)) return [name, content];
    const { size, mtimeMs } = fs.statSync(content.copy);
    return [name, size, mtimeMs];
  });
  return createHash("sha256")
    .update(JSON.stringify({ ...image, files }))
    .digest("hex");
}

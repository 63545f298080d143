import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { Readable } from "node:stream";
import { pack, type Pack } from "tar-stream";

/** A container image to build from files of this machine. */
export interface Image {
  /** The name that pods use, with registry and tag: `localhost/logharbor/loki:3.7.6`. */
  readonly name: string;
  /** Files by their path in the image. */
  readonly files: Readonly<Record<string, FileContent>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Numeric user and group, so that the kubelet can check `runAsNonRoot`. Default "65532:65532". */
  readonly user?: string;
}

/** A copy of a file of this machine, a text, or a symbolic link. Copies and texts are executable. */
export type FileContent = { readonly copy: string } | { readonly text: string } | { readonly link: string };

const passwd =
  "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\nnonroot:x:65532:65532:nonroot:/:/bin/false\n";
const group = "root:x:0:\nnogroup:x:65534:\nnonroot:x:65532:\n";

/** The same files always make the same image. */
const mtime = new Date(0);

/** The image as a stream in the format of `docker save`, which containerd can import. */
export async function archive(image: Image): Promise<Readable> {
  const layer = { digest: createHash("sha256"), bytes: 0 };
  for await (const chunk of layerOf(image) as AsyncIterable<Buffer>) {
    layer.digest.update(chunk);
    layer.bytes += chunk.length;
  }
  const config = Buffer.from(JSON.stringify(configOf(image, layer.digest.digest("hex"))));
  const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
  const manifest = Buffer.from(JSON.stringify([{ Config: configName, RepoTags: [image.name], Layers: ["layer.tar"] }]));

  // A layer may be too large to keep in memory, so we make it a second time.
  const tar = pack();
  void write(tar, async () => {
    tar.entry({ name: "manifest.json", mtime }, manifest);
    tar.entry({ name: configName, mtime }, config);
    await copy(layerOf(image), tar, { name: "layer.tar", size: layer.bytes, mtime });
  });
  return Readable.from(tar);
}

function configOf(image: Image, layerDigest: string): object {
  const architectures: Partial<Record<string, string>> = { x64: "amd64" };
  return {
    architecture: architectures[process.arch] ?? process.arch,
    os: "linux",
    config: {
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
      Entrypoint: image.entrypoint,
      Cmd: image.command,
      User: image.user ?? "65532:65532",
      WorkingDir: "/",
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
  };
}

function layerOf(image: Image): Readable {
  const files: Record<string, FileContent> = {
    "etc/passwd": { text: passwd },
    "etc/group": { text: group },
    ...image.files,
  };
  const dirs = new Set(
    Object.keys(files).flatMap((file) =>
      file
        .split("/")
        .slice(0, -1)
        .map((_, index, parts) => parts.slice(0, index + 1).join("/")),
    ),
  );
  const tar = pack();
  void write(tar, async () => {
    tar.entry({ name: "tmp", type: "directory", mode: 0o1777, mtime });
    for (const dir of [...dirs].sort()) tar.entry({ name: dir, type: "directory", mode: 0o755, mtime });
    for (const [name, content] of Object.entries(files)) {
      if ("link" in content) tar.entry({ name, type: "symlink", linkname: content.link, mtime });
      else if ("text" in content) tar.entry({ name, mode: 0o755, mtime }, content.text);
      else {
        const { size } = fs.statSync(content.copy);
        await copy(fs.createReadStream(content.copy), tar, { name, size, mode: 0o755, mtime });
      }
    }
  });
  return Readable.from(tar);
}

/** Runs the function that writes the entries. If it fails, the stream fails too, so that the reader sees the error. */
async function write(tar: Pack, entries: () => Promise<void>): Promise<void> {
  try {
    await entries();
    tar.finalize();
  } catch (error) {
    tar.destroy(error as Error);
  }
}

function copy(from: Readable, to: Pack, header: Parameters<Pack["entry"]>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = to.entry(header, (error) => (error ? reject(error) : resolve()));
    from.once("error", reject);
    from.pipe(entry);
  });
}

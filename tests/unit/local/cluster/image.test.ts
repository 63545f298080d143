import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { extract } from "tar-stream";

import { archive, type Image } from "../../../../local/cluster/image";

describe("An image's archive", () => {
  const dir = mkdtempSync(join(tmpdir(), "images-"));
  const program = join(dir, "program");
  writeFileSync(program, "a program".repeat(100_000));
  after(() => rmSync(dir, { recursive: true }));

  const image: Image = {
    name: "localhost/logharbor/a:1",
    files: { "usr/bin/a": { copy: program }, "bin/sh": { link: "busybox" }, "start.sh": { text: "#!/bin/sh\n" } },
    entrypoint: ["/usr/bin/a"],
  };

  interface Entry {
    content: Buffer;
    mode: number;
    link?: string;
  }

  async function unpack(tar: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    const reader = extract();
    const reading = (async () => {
      for await (const entry of reader) {
        const chunks: Buffer[] = [];
        for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
        entries.set(entry.header.name, {
          content: Buffer.concat(chunks),
          mode: entry.header.mode ?? 0,
          link: entry.header.linkname ?? undefined,
        });
      }
    })();
    Readable.from(tar).pipe(reader);
    await reading;
    return entries;
  }

  it("says what it holds, by digest", async () => {
    const outer = await unpack(await archive(image));
    const json = (name: string): unknown => JSON.parse(outer.get(name)?.content.toString() ?? "null");
    const [manifest] = json("manifest.json") as [{ Config: string; RepoTags: string[]; Layers: string[] }];
    assert.deepEqual([manifest.RepoTags, manifest.Layers], [["localhost/logharbor/a:1"], ["layer.tar"]]);
    const config = json(manifest.Config) as { config: object; rootfs: { diff_ids: string[] } };
    const layer = outer.get("layer.tar")?.content ?? Buffer.alloc(0);
    assert.deepEqual(config.rootfs.diff_ids, [`sha256:${createHash("sha256").update(layer).digest("hex")}`]);
    assert.deepEqual(config.config, {
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
      Entrypoint: ["/usr/bin/a"],
      User: "65532:65532",
      WorkingDir: "/",
    });
  });

  it("holds the programs, links, users and a folder for anyone's files", async () => {
    const layer = (await unpack(await archive(image))).get("layer.tar")?.content ?? Buffer.alloc(0);
    const files = await unpack([layer]);
    assert.deepEqual([...files.keys()].sort(), [
      "bin",
      "bin/sh",
      "etc",
      "etc/group",
      "etc/passwd",
      "start.sh",
      "tmp",
      "usr",
      "usr/bin",
      "usr/bin/a",
    ]);
    assert.equal(files.get("usr/bin/a")?.content.length, 900_000);
    assert.equal(files.get("usr/bin/a")?.mode, 0o755);
    assert.equal(files.get("tmp")?.mode, 0o1777);
    assert.equal(files.get("bin/sh")?.link, "busybox");
    assert.match(files.get("etc/passwd")?.content.toString() ?? "", /^nonroot:x:65532:65532:/m);
  });

  it("fails if a program is missing", async () => {
    await assert.rejects(archive({ ...image, files: { a: { copy: join(dir, "missing") } } }), /ENOENT/);
  });
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { extract } from "tar-stream";
import { manifestTexts } from "../../../local/cluster/api";
import { parseHierarchies } from "../../../local/cluster/cgroups";
import { archive, type Image } from "../../../local/cluster/image";
import { fillImages, imageName } from "../../../local/cluster/imageName";
import { images, outdated } from "../../../local/cluster/images";
import { chooseCable } from "../../../local/cluster/network";
import { nodeAt } from "../../../local/cluster/node";
import {
  availableMemory,
  neededDiskBytes,
  neededMemoryBytes,
  unmet,
  type Machine,
} from "../../../local/cluster/preconditions";
import type { ProgramName } from "../../../local/builds/programs";

describe("The local cluster's network", () => {
  it("is the first one of the list on a machine that routes little", () => {
    assert.deepEqual(chooseCable(["default", "192.0.2.0/24", "127.0.0.1"]), {
      machine: "10.213.0.1",
      node: "10.213.0.2",
    });
  });

  it("stays what it was while no route touches it", () => {
    assert.equal(chooseCable(["default"], "10.213.7.2").node, "10.213.7.2");
    assert.equal(chooseCable(["10.213.7.0/24"], "10.213.7.2").node, "10.213.0.2");
  });

  it("leaves a range that a VPN takes whole", () => {
    assert.equal(chooseCable(["10.0.0.0/8"]).node, "172.29.0.2");
    assert.equal(chooseCable(["10.0.0.0/8", "172.16.0.0/12"]).node, "192.168.0.2");
  });

  it("says so when everything is taken", () => {
    assert.throws(() => chooseCable(["0.0.0.0/1", "128.0.0.0/1"]), /all routed \(see `ip route`\)/);
  });

  it("never overlaps a route", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const near = fc.tuple(fc.constantFrom("10.213", "172.29", "192.168"), byte, byte, fc.integer({ min: 17, max: 32 }));
    const bits = (address: string) =>
      address
        .split(".")
        .map((part) => Number(part).toString(2).padStart(8, "0"))
        .join("");
    fc.assert(
      fc.property(fc.array(near, { maxLength: 40 }), (routes) => {
        const { machine, node } = chooseCable(routes.map(([prefix, c, d, length]) => `${prefix}.${c}.${d}/${length}`));
        for (const [prefix, c, d, length] of routes) {
          const shared = Math.min(length, 30);
          for (const end of [machine, node])
            assert.notEqual(bits(end).slice(0, shared), bits(`${prefix}.${c}.${d}`).slice(0, shared));
        }
      }),
    );
  });
});

describe("The local cluster's machine", () => {
  const fit: Machine = {
    platform: "linux",
    isRoot: true,
    missingTools: [],
    writableCgroups: 1,
    hasOverlayfs: true,
    fileSystem: "ext2/ext3",
    freeMemoryBytes: neededMemoryBytes,
    freeDiskBytes: neededDiskBytes,
  };

  it("is accepted when it has all that is needed", () => {
    assert.deepEqual(unmet(fit), []);
  });

  const refused: [string, Partial<Machine>, RegExp][] = [
    ["another system", { platform: "darwin" }, /It needs Linux; this is darwin/],
    ["no root", { isRoot: false }, /needs root: .*sudo/],
    [
      "missing tools",
      { missingTools: ["ip", "unshare", "nsenter"] },
      /needs ip, unshare, nsenter: apt-get install iproute2 util-linux\./,
    ],
    ["no Debian", { missingTools: ["apt-get"] }, /a Debian or Ubuntu machine/],
    ["cgroups it may not change", { writableCgroups: 0 }, /privileged/],
    ["no overlayfs", { hasOverlayfs: false }, /modprobe overlay/],
    ["a directory on overlayfs", { fileSystem: "overlayfs" }, /set XDG_CACHE_HOME to a directory on a disk/],
    ["no namespaces", { namespaceFault: "unshare: not permitted" }, /modprobe veth\): unshare: not permitted/],
    ["too little memory", { freeMemoryBytes: 2 ** 30 }, /needs 3\.0 GiB of free memory, and 1\.0 GiB is free/],
    ["too little disk", { freeDiskBytes: 2 ** 29 }, /needs 6\.0 GiB of free disk, and 0\.5 GiB is free/],
  ];
  for (const [name, fault, text] of refused) {
    it(`is refused with its remedy: ${name}`, () => {
      const faults = unmet({ ...fit, ...fault });
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? "", text);
    });
  }

  it("hears of all that is wrong at once", () => {
    assert.equal(unmet({ ...fit, isRoot: false, hasOverlayfs: false, freeDiskBytes: 0 }).length, 3);
  });

  it("has the memory that programs can still get", () => {
    assert.equal(availableMemory("MemTotal: 100 kB\nMemAvailable:    2048 kB\n"), 2 ** 21);
  });

  it("has the cgroups of its mounts, of either version", () => {
    const mounts =
      "proc /proc proc rw 0 0\ncgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
    assert.deepEqual(parseHierarchies(mounts), [
      { version: 1, dir: "/sys/fs/cgroup/cpu" },
      { version: 2, dir: "/sys/fs/cgroup/unified" },
    ]);
  });

  it("has an interface of its own for every node, with a name that Linux takes", () => {
    const [a, b] = [nodeAt("/a").id, nodeAt("/b").id];
    assert.notEqual(a, b);
    assert.ok(a.length <= 15);
  });
});

describe("The local cluster's images", () => {
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

  it("say what they hold, by digest", async () => {
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

  it("hold the programs, links, users and a folder for anyone's files", async () => {
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

  it("fail if a program is missing", async () => {
    await assert.rejects(archive({ ...image, files: { a: { copy: join(dir, "missing") } } }), /ENOENT/);
  });

  it("are imported only when they changed", () => {
    assert.deepEqual(
      outdated([image], {}).map(({ name }) => name),
      [image.name],
    );
  });

  const namesOf = (...names: ProgramName[]) =>
    images({ names, bin: () => program }, program, ["sh"]).map(({ name }) => name);

  it("have cert-manager's only where that was asked for", () => {
    assert.deepEqual(
      namesOf("cert-manager").filter((name) => !namesOf().includes(name)),
      [imageName("cert-manager")],
    );
  });

  it("are all there that the cluster's own pods ask for", () => {
    const made = namesOf();
    const asked = manifestTexts().flatMap((text) =>
      [...text.matchAll(/image: "(.*)"/g)].map((match) => match[1] ?? ""),
    );
    assert.ok(asked.length >= 3);
    assert.deepEqual(
      asked.filter((name) => !made.includes(name)),
      [],
    );
    assert.equal(fillImages('"@image:pause@"'), `"${imageName("pause")}"`);
  });
});

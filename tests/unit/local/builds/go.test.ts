import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { zipSync } from "fflate";
import { bringGo, broughtGoVersion, canBringGo, goSources, moduleHash } from "../../../../local/builds/go";
import { programNames, programs } from "../../../../local/builds/programs";
import { inspectBuilder, hasGo } from "../../../../local/builds/requirements";

const silent = { step: () => undefined, done: () => undefined, note: () => undefined };
const bytes = (text: string) => Buffer.from(text);

describe("Go for a machine that has none", () => {
  it("is new enough for every part", async () => {
    const builder = await inspectBuilder(programNames);
    assert.ok(
      hasGo({ ...builder, goVersion: broughtGoVersion }),
      `${builder.neededGoVersion} is needed, by one of ${Object.values(programs).length} parts`,
    );
  });

  it("is there for the usual processors on Linux", () => {
    assert.deepEqual(
      [
        canBringGo("linux", "x64"),
        canBringGo("linux", "arm64"),
        canBringGo("linux", "s390x"),
        canBringGo("darwin", "arm64"),
      ],
      [true, true, false, false],
    );
  });

  it("comes from where GOPROXY says", () => {
    const cases: [string | undefined, string[]][] = [
      [undefined, ["https://proxy.golang.org", "https://go.dev/dl/mod"]],
      ["", ["https://proxy.golang.org", "https://go.dev/dl/mod"]],
      ["https://mirror.example/go/", ["https://mirror.example/go"]],
      [
        "https://a.example|https://b.example,direct",
        ["https://a.example", "https://b.example", "https://go.dev/dl/mod"],
      ],
      ["off", []],
    ];
    for (const [goProxy, expected] of cases) assert.deepEqual(goSources(goProxy), expected, goProxy);
  });

  it("is checked by the hash that Go calls h1", () => {
    // By golang.org/x/mod/sumdb/dirhash.
    assert.equal(
      moduleHash({ "m@v1/b": bytes("second"), "m@v1/a": bytes("first") }),
      "h1:1D/XX0HMYMXsHJ89Pjp/Rpm0pJXoONj4L33lukl/E2k=",
    );
  });

  describe("from a server", () => {
    let server: Server;
    let dir: string;
    let address: string;
    let asked: { url?: string; authorization?: string }[];
    const archive = zipSync({ "golang.org/toolchain@v0.0.1/bin/go": bytes("#!/bin/sh\necho go version go99\n") });

    before(async () => {
      server = createServer(({ url, headers: { authorization } }, response) => {
        asked.push({ url, authorization });
        if (url?.startsWith("/missing")) response.writeHead(404).end();
        else response.end(url?.startsWith("/page") ? "<html>log in first</html>" : archive);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => new Promise((resolve) => server.close(resolve)));
    beforeEach(() => {
      asked = [];
      dir = fs.mkdtempSync(path.join(os.tmpdir(), "logharbor-go-"));
    });
    afterEach(() => fs.rmSync(dir, { recursive: true }));

    it("is refused when it is another one, before a file of it is written", async () => {
      await assert.rejects(
        bringGo(silent, { goProxy: `http://${address}/changed`, dir }),
        /came with the hash h1:\S+ instead of h1:\S+: its source, or a mirror in between, changed it/,
      );
      assert.deepEqual(fs.readdirSync(dir), []);
    });

    it("is refused when it is a web page", async () => {
      await assert.rejects(bringGo(silent, { goProxy: `http://${address}/page`, dir }), /is not an archive/);
    });

    it("is asked for at the next address where one lacks it, with the login that an address carries", async () => {
      await assert.rejects(
        bringGo(silent, { goProxy: `http://${address}/missing,http://me:s%20ecret@${address}/changed`, dir }),
        /came with the hash/,
      );
      const file = `/golang.org/toolchain/@v/v0.0.1-go${broughtGoVersion}.linux-${process.arch === "x64" ? "amd64" : process.arch}.zip`;
      assert.deepEqual(asked, [
        { url: `/missing${file}`, authorization: undefined },
        { url: `/changed${file}`, authorization: `Basic ${Buffer.from("me:s ecret").toString("base64")}` },
      ]);
    });

    it("tells what each address said, and the ways on", async () => {
      await assert.rejects(
        bringGo(silent, { goProxy: `http://${address}/missing,http://127.0.0.1:1`, dir }),
        (error: Error) => {
          const [answers, ...remedies] = error.message.split("\n");
          assert.match(answers!, /could not be downloaded: 127\.0\.0\.1:\d+ answered 404; 127\.0\.0\.1:1: /);
          const ways = [/set GOPROXY/, /NODE_USE_ENV_PROXY=1/, /install Go/];
          ways.forEach((way, index) => assert.match(remedies[index] ?? "", way));
          return true;
        },
      );
      await assert.rejects(bringGo(silent, { goProxy: "off", dir }), /GOPROXY names no address/);
    });
  });
});

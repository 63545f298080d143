import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir, sourceFiles } from "../support/sourceFiles";

/**
 * Modules of the makers of AGPL programs that have a licence which lets others link them. Everything else of theirs is
 * taken for AGPL: Loki, Grafana and MinIO are compiled and started as they are, as programs of their own.
 */
const linkable: Record<string, string> = {
  "github.com/grafana/alloy": "Apache-2.0",
  "github.com/grafana/ckit": "Apache-2.0",
  "github.com/grafana/dskit": "Apache-2.0",
  // The folder has a licence of its own: LICENSING.md of Loki.
  "github.com/grafana/loki/pkg/push": "Apache-2.0",
  "github.com/minio/minio-go": "Apache-2.0",
};
const makers = ["github.com/grafana/", "github.com/minio/"];

interface Lock {
  packages: Record<string, { license?: string }>;
}

/** What a Go file imports of the makers that must not be linked. */
function refused(source: string): string[] {
  const imports = source.matchAll(/^import\s*(?:\(([^)]*)\)|(.*))/gm);
  const lines = [...imports].map(([, block, single]) => block ?? single ?? "").join("\n");
  return [...lines.matchAll(/^\s*(?:[\w.]+\s+)?["`]([^"`]+)["`]/gm)]
    .map(([, path]) => path!)
    .filter((path) => makers.some((maker) => path.startsWith(maker)))
    .filter((path) => !Object.keys(linkable).some((module) => path === module || path.startsWith(`${module}/`)));
}

describe("No source of ours imports what is under the AGPL", () => {
  it("in Go", () => {
    const files = sourceFiles(".go");
    assert.ok(files.length > 10);
    assert.deepEqual(
      files.flatMap(({ file, content }) => refused(content).map((path) => `${file}: ${path}`)),
      [],
    );
  });

  it("in TypeScript, nor does a package that it needs", () => {
    const { packages } = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8")) as Lock;
    assert.deepEqual(
      Object.entries(packages).filter(([, { license }]) => /AGPL/i.test(license ?? "")),
      [],
    );
  });

  it("which is told from what may be linked", () => {
    const chunks = "github.com/grafana/loki/v3/pkg/chunkenc";
    assert.deepEqual(refused(`package main\n\nimport "${chunks}"\n`), [chunks]);
    const block = '\t"fmt"\n\t"github.com/minio/minio-go/v7"\n\t"github.com/grafana/alloy/syntax"\n';
    assert.deepEqual(refused(`package main\n\nimport (\n${block})\n`), []);
    const [madmin, minio] = ["github.com/minio/madmin-go/v3", "github.com/minio/minio/cmd"];
    assert.deepEqual(refused(`package main\n\nimport (\n${block}\tmad "${madmin}"\n\t_ "${minio}"\n)\n`), [
      madmin,
      minio,
    ]);
  });
});

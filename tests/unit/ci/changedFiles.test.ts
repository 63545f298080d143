import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedFiles } from "../../../ci/changedFiles";
import { git } from "../../support/git";

describe("the files that a change has", () => {
  let folder: string;
  const commit = (file: string, content: string) => {
    writeFileSync(join(folder, "origin", file), content);
    git(join(folder, "origin"), "add", "--all");
    git(join(folder, "origin"), "commit", "--quiet", "-m", file);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "changed-"));
    const origin = join(folder, "origin");
    mkdirSync(join(origin, "project"), { recursive: true });
    git(origin, "init", "--quiet", "--initial-branch=main");
    for (const file of ["project/a", "project/b", "outside"]) commit(file, `${file}\n`.repeat(9));
    git(origin, "checkout", "--quiet", "-b", "feature");
    renameSync(join(origin, "project/b"), join(origin, "project/ü \n.yaml"));
    commit("outside", "changed");
    git(origin, "checkout", "--quiet", "main");
    commit("project/main-only", "main");
    git(origin, "checkout", "--quiet", "-b", "merge");
    git(origin, "merge", "--quiet", "-m", "merge", "feature");
    git(folder, "clone", "--quiet", "--depth", "2", "--branch", "merge", `file://${origin}`, "merged");
    git(folder, "clone", "--quiet", "--depth", "1", "--branch", "feature", `file://${origin}`, "shallow");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are those of its branch in the project's folder, not those of the base since; a renamed one has both names", async () => {
    git(join(folder, "origin"), "checkout", "--quiet", "feature");
    assert.deepEqual(await changedFiles(join(folder, "origin/project"), "main"), ["b", "ü \n.yaml"]);
  });

  it("count before they are committed", async () => {
    git(join(folder, "origin"), "checkout", "--quiet", "feature");
    writeFileSync(join(folder, "origin/project/a"), "not committed");
    assert.deepEqual(await changedFiles(join(folder, "origin/project"), "HEAD"), ["a"]);
    git(join(folder, "origin"), "checkout", "--quiet", "--", "project/a");
  });

  it("are found in the merge that GitHub checks out with a depth of 2", async () =>
    assert.deepEqual(await changedFiles(join(folder, "merged/project"), "HEAD^1"), ["b", "ü \n.yaml"]));

  it("need the base: a clone without it says how to fetch it", async () => {
    await assert.rejects(changedFiles(join(folder, "shallow/project"), "origin/main"), /no revision[^]*--depth 1/);
    git(join(folder, "shallow"), "fetch", "--quiet", "--depth", "1", "origin", "main");
    await assert.rejects(changedFiles(join(folder, "shallow/project"), "FETCH_HEAD"), /can't be told[^]*--unshallow/);
    await assert.rejects(changedFiles(tmpdir(), "HEAD"), /is not in a git repository/);
  });
});

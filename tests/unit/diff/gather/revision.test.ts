import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkedOut } from "../../../../diff/gather/revision";
import { git } from "../../../support/git";

describe("another revision", () => {
  let folder: string;

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "revision-")));
    const origin = join(folder, "origin");
    mkdirSync(join(origin, "project"), { recursive: true });
    mkdirSync(join(origin, "project/node_modules"));
    git(origin, "init", "--quiet", "--initial-branch=main");
    for (const content of ["old", "new"]) {
      writeFileSync(join(origin, "project/file"), content);
      git(origin, "add", "project/file");
      git(origin, "commit", "--quiet", "-m", content);
    }
    git(folder, "clone", "--quiet", "--depth", "1", `file://${origin}`, "shallow");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is checked out beside this one, with its packages, and leaves nothing behind", async () => {
    const project = join(folder, "origin/project");
    writeFileSync(join(project, "file"), "not committed");
    const revision = await checkedOut(project, "HEAD~1");
    assert.equal(readFileSync(join(revision.folder, "file"), "utf8"), "old");
    assert.equal(realpathSync(join(revision.folder, "node_modules")), join(project, "node_modules"));
    assert.match(revision.title, /^HEAD~1 \([0-9a-f]{10}\)$/);
    await revision.remove();
    assert.ok(!existsSync(revision.folder));
    assert.equal(git(project, "worktree", "list").split("\n").length, 1);
    assert.equal(readFileSync(join(project, "file"), "utf8"), "not committed");
  });

  it("that is unknown is refused, with how to find it; an option is no revision", async () => {
    for (const name of ["nosuch", "--output=x", "HEAD:project/file"])
      await assert.rejects(
        checkedOut(join(folder, "origin/project"), name),
        /has no revision "[^"]+"\.\n {2}-> git branch --all/,
      );
  });

  it("that a shallow clone lacks is refused, with how to fetch it", async () => {
    await assert.rejects(
      checkedOut(join(folder, "shallow/project"), "HEAD~1"),
      /has no revision "HEAD~1"\.\n {2}-> this clone has only the newest commits; .*git fetch --depth 1 origin HEAD~1.*\n.*fetch-depth: 0/,
    );
  });

  it("needs a repository", async () => {
    await assert.rejects(checkedOut(tmpdir(), "HEAD"), /is not in a git repository: .*\n {2}-> clone the repository/s);
  });
});

import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperatorError, textOf } from "../../domain/problem";
import { commitOf, gitIn, prefixIn } from "./git";

/** A checkout of another revision, in a folder of its own. */
export interface Revision {
  /** The project's folder in it. */
  folder: string;
  /** The revision as people name it, and its commit. */
  title: string;
  remove(): Promise<void>;
}

/**
 * Checks out a revision of the repository into a temporary folder. It shares the packages of this checkout.
 * @param folder the project's folder
 * @throws OperatorError without git, without a repository, or if it has no such revision
 */
export async function checkedOut(folder: string, revision: string): Promise<Revision> {
  const git = gitIn(folder);
  const inside = await prefixIn(folder);
  const commit = await commitOf(folder, revision);
  const temporary = mkdtempSync(join(tmpdir(), "logharbor-base-"));
  const tree = join(temporary, "tree");
  const remove = async () => {
    await git("worktree", "remove", "--force", tree).catch(() => undefined);
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    await git("worktree", "add", "--detach", "--force", tree, commit);
    const project = join(tree, inside);
    if (!existsSync(join(project, "node_modules")))
      symlinkSync(join(folder, "node_modules"), join(project, "node_modules"), "dir");
    return { folder: project, title: `${revision} (${commit.slice(0, 10)})`, remove };
  } catch (error) {
    await remove();
    throw error instanceof OperatorError
      ? error
      : new OperatorError(`The revision ${revision} can't be checked out: ${textOf(error)}`, [
          "a clone without all of its history lacks files of older revisions: git fetch --unshallow",
        ]);
  }
}

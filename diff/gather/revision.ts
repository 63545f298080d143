import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { codeOf, OperatorError, textOf } from "../../domain/problem";

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
  const git = async (...args: string[]) => runGit(folder, args);
  const inside = await git("rev-parse", "--show-prefix").catch((error: unknown) => {
    throw codeOf(error) === "ENOENT"
      ? new OperatorError("git is not on the PATH, and --base needs it.", "install git")
      : new OperatorError(`${folder} is not in a git repository: ${textOf(error)}`, [
          "clone the repository instead of copying its files",
          "or compare with what is deployed: npm run diff -- --stack NAME",
        ]);
  });
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).catch(
    () => "",
  );
  if (commit === "") throw await unknownRevision(revision, git);
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

async function unknownRevision(revision: string, git: (...args: string[]) => Promise<string>): Promise<OperatorError> {
  const shallow = (await git("rev-parse", "--is-shallow-repository")) === "true";
  return new OperatorError(
    `The repository has no revision "${revision}".`,
    shallow
      ? [
          `this clone has only the newest commits; fetch that one: git fetch --depth 1 origin ${revision}, then name FETCH_HEAD`,
          "or fetch all: git fetch --unshallow (in GitHub Actions: actions/checkout with fetch-depth: 0)",
        ]
      : ["git branch --all lists the branches; one of the server is origin/NAME", "fetch it first: git fetch origin"],
  );
}

async function runGit(folder: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, ...args], { maxBuffer: 64 << 20 });
    return stdout.trim();
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw Object.assign(new Error(stderr?.trim() === "" || stderr === undefined ? textOf(error) : stderr.trim()), {
      code: codeOf(error),
      cause: error,
    });
  }
}

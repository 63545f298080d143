import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { codeOf, OperatorError, textOf } from "../../domain/problem";

/** Runs git in a folder and returns what it printed. Rejects with what git says is wrong. */
export type Git = (...args: string[]) => Promise<string>;

export function gitIn(folder: string): Git {
  return async (...args) => {
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
  };
}

/**
 * The path of a folder in its repository, ending in a slash; empty at the top.
 * @throws OperatorError without git or without a repository
 */
export async function prefixIn(folder: string): Promise<string> {
  return gitIn(folder)("rev-parse", "--show-prefix").catch((error: unknown) => {
    throw codeOf(error) === "ENOENT"
      ? new OperatorError("git is not on the PATH, and --base needs it.", "install git")
      : new OperatorError(`${folder} is not in a git repository: ${textOf(error)}`, [
          "clone the repository instead of copying its files",
          "or compare with what is deployed: npm run diff -- --stack NAME",
        ]);
  });
}

/**
 * The commit of a revision.
 * @throws OperatorError if the repository has no such revision
 */
export async function commitOf(folder: string, revision: string): Promise<string> {
  const git = gitIn(folder);
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).catch(
    () => "",
  );
  if (commit === "") throw await unknownRevision(revision, git);
  return commit;
}

async function unknownRevision(revision: string, git: Git): Promise<OperatorError> {
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

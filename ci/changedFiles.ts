import { OperatorError, textOf } from "../domain/problem";
import { commitOf, gitIn, prefixIn } from "../diff/gather/git";

/**
 * The files of a folder that differ from a revision, or from where this branch left it: what a pull request changes.
 * What is not committed counts too; a renamed file counts under both names.
 * @returns paths from the folder
 * @throws OperatorError without git, without a repository, without such a revision, or without a common commit
 */
export async function changedFiles(folder: string, base: string): Promise<string[]> {
  await prefixIn(folder);
  const commit = await commitOf(folder, base);
  try {
    const files = await gitIn(folder)(
      "diff",
      "--name-only",
      "--no-renames",
      "--relative",
      "-z",
      "--merge-base",
      commit,
    );
    return files.split("\0").filter((file) => file !== "");
  } catch (error) {
    throw new OperatorError(`What changed since ${base} can't be told: ${textOf(error)}`, [
      "a clone without all of its history may lack the commit that both sides share: git fetch --unshallow",
    ]);
  }
}

import { setTimeout as later } from "node:timers/promises";
import { OperatorError } from "../domain/problem";
import { stackOf } from "./comment";

/** A comment on a pull request. */
export interface Comment {
  id: number;
  body: string;
  /** Where people read it. */
  url: string;
}

/** The comments on one pull request, which GitHub and GitLab keep in their own ways. */
export interface Thread {
  /** Characters that a comment may have. */
  readonly limit: number;
  /** The comments that the token's owner wrote, oldest first. */
  own(): Promise<Comment[]>;
  /**
   * Writes a new comment, at once or not at all.
   * @returns undefined if the server failed so that nobody knows whether it is there
   */
  create(body: string): Promise<Comment | undefined>;
  update(comment: Comment, body: string): Promise<Comment>;
}

/** What happened to a comment. */
export interface Kept {
  what: "created" | "updated" | "unchanged";
  comment: Comment;
}

const tries = 3;

/**
 * Keeps the one comment on a stack up to date: changes it if there is one, else writes it.
 * @param pauseMs before a second try to write a new one. Default: 2 seconds
 * @throws OperatorError if the server does not take it; then no comment was written or changed
 */
export async function keepComment(thread: Thread, body: string, pauseMs = 2_000): Promise<Kept> {
  const stack = stackOf(body);
  for (let failures = 0; ; failures++) {
    const found = (await thread.own()).find((comment) => stackOf(comment.body) === stack);
    if (found !== undefined) return changed(thread, found, body);
    // After an answer that says nothing, look again: a second comment would be worse than a late one.
    const comment = await thread.create(body);
    if (comment !== undefined) return { what: "created", comment };
    if (failures + 1 === tries)
      throw new OperatorError(
        `The server failed ${tries} times to take the comment, and has none.`,
        "run the same command again later",
      );
    await later(pauseMs * (failures + 1));
  }
}

/**
 * Changes the comments on stacks that a change no longer touches, so that none is out of date.
 * @param settled what replaces the comment on a stack
 * @returns those that it changed
 */
export async function settleComments(
  thread: Thread,
  touched: readonly string[],
  settled: (stack: string) => string,
): Promise<Comment[]> {
  const done: Comment[] = [];
  for (const comment of await thread.own()) {
    const stack = stackOf(comment.body);
    if (stack === undefined || touched.includes(stack)) continue;
    const { what } = await changed(thread, comment, settled(stack));
    if (what === "updated") done.push(comment);
  }
  return done;
}

/** Changes a comment, unless it says the same already. */
async function changed(thread: Thread, comment: Comment, body: string): Promise<Kept> {
  if (comment.body === body) return { what: "unchanged", comment };
  return { what: "updated", comment: await thread.update(comment, body) };
}

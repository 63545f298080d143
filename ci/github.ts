import { randomUUID } from "node:crypto";
import { OperatorError, textOf } from "../domain/problem";
import type { Place } from "./place";
import type { Comment, Thread } from "./thread";

/** Longest time to wait for a rate limit, in seconds. A longer one ends the run: a runner costs money while it waits. */
const longestWait = 120;
const requestMs = 30_000;

/** What GitHub tells about a comment. */
interface IssueComment {
  id: number;
  body?: string;
  html_url: string;
  user: { id: number; type: string } | null;
}

export interface GithubOptions {
  /** How long a second of waiting is, in milliseconds; tests shorten it. Default: 1000. */
  secondMs?: number;
}

/** The comments on a pull request of GitHub, by its REST API. */
export async function githubThread(place: Place, { secondMs = 1_000 }: GithubOptions = {}): Promise<Thread> {
  // They are ES modules, which only an import of this kind loads.
  const { Octokit } = await import("@octokit/core");
  const { paginateRest } = await import("@octokit/plugin-paginate-rest");
  const { retry } = await import("@octokit/plugin-retry");
  const { throttling } = await import("@octokit/plugin-throttling");
  const waits = (retryAfter: number, ...[, , retries]: [object, object, number]) =>
    retryAfter <= longestWait && retries < 3;
  const octokit = new (Octokit.plugin(paginateRest, retry, throttling))({
    auth: place.token,
    baseUrl: place.api,
    userAgent: "logharbor",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    retry: { retryAfterBaseValue: secondMs },
    // Clients of one id share a queue.
    throttle: { id: randomUUID(), onRateLimit: waits, onSecondaryRateLimit: waits, retryAfterBaseValue: secondMs },
    request: {
      fetch: async (url: string, options: RequestInit) =>
        fetch(url, { ...options, signal: AbortSignal.timeout(requestMs) }),
    },
  });
  const [owner = "", repo = ""] = place.repository.split("/");
  const issue = { owner, repo, issue_number: place.number };
  const explained = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error, place);
    });
  /** The number of the token's user; undefined for the token of a job or an app, which has none. */
  const user = async (): Promise<number | undefined> =>
    octokit.request("GET /user").then(
      ({ data }) => Number(data.id),
      (error: unknown) => {
        if (statusOf(error) === 403 && !isLimit(error)) return undefined;
        throw error;
      },
    );

  return {
    // GitHub counts 65,536 characters of up to 4 bytes, and ours are UTF-16.
    limit: 65_000,
    own: async () =>
      explained(
        (async () => {
          const me = await user();
          const list = octokit.paginate.iterator("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
            ...issue,
            per_page: 100,
          });
          const all: Comment[] = [];
          for await (const { data } of list)
            // Anybody can write the marker, but only an app can be a bot.
            for (const comment of data as IssueComment[])
              if (me === undefined ? comment.user?.type === "Bot" : comment.user?.id === me) all.push(known(comment));
          return all;
        })(),
      ),
    create: async (body) =>
      octokit
        // A second try could write a second comment; the caller looks first.
        .request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...issue,
          body,
          request: { retries: 0 },
        })
        .then(
          ({ data }) => known(data as IssueComment),
          (error: unknown) => {
            if ((statusOf(error) ?? 0) >= 500) return undefined;
            throw explain(error, place);
          },
        ),
    update: async ({ id }, body) =>
      explained(
        octokit
          .request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", { owner, repo, comment_id: id, body })
          .then(({ data }) => known(data as IssueComment)),
      ),
  };
}

function quiet(): void {}

function known({ id, body = "", html_url }: IssueComment): Comment {
  return { id, body, url: html_url };
}

function statusOf(error: unknown): number | undefined {
  const { status } = error as { status?: unknown };
  return typeof status === "number" ? status : undefined;
}

function isLimit(error: unknown): boolean {
  return /rate limit/i.test(textOf(error));
}

function explain(error: unknown, { api, repository, number }: Place): OperatorError {
  const text = textOf(error).trim();
  const where = `pull request ${number} of ${repository}`;
  switch (statusOf(error)) {
    case 401:
      return new OperatorError(`GitHub does not know the token in GITHUB_TOKEN: ${text}`, [
        "use ${{ github.token }}, which is valid while its job runs, or a token that has not expired",
      ]);
    case 403:
    case 429:
      return isLimit(error)
        ? new OperatorError(`GitHub's rate limit is used up for longer than ${longestWait} s: ${text}`, [
            "run the job again later",
          ])
        : new OperatorError(`The token in GITHUB_TOKEN may not comment on ${where}: ${text}`, [
            "give the job permissions: pull-requests: write",
            "from a fork, and for Dependabot, no token may: leave the comment out, the summary of the job has its text",
            "unlock the conversation if it is locked",
          ]);
    case 404:
    case 410:
      return new OperatorError(`GitHub has no ${where}, or the token may not see it: ${text}`, [
        "check GITHUB_REPOSITORY and --pull-request",
        "give the job permissions: pull-requests: write",
      ]);
    case 422:
      return new OperatorError(`GitHub refuses the comment: ${text}`, "check the text that --body names");
    case undefined:
    default:
      return new OperatorError(`GitHub did not do it: ${text}`, [
        `check that ${api} can be reached`,
        "run the same command again later",
      ]);
  }
}

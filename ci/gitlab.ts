import { setTimeout as later } from "node:timers/promises";
import { OperatorError, textOf } from "../domain/problem";
import type { Place } from "./place";
import type { Comment, Thread } from "./thread";

/** Longest time to wait for a rate limit, in seconds. */
const longestWait = 120;
const requestMs = 30_000;
const tries = 4;

/** What GitLab tells about a note. */
interface Note {
  id: number;
  body: string;
  system: boolean;
  author: { id: number };
}

export interface GitlabOptions {
  /** How long a second of waiting is, in milliseconds; tests shorten it. Default: 1000. */
  secondMs?: number;
}

/** The notes on a merge request of GitLab, by its REST API. */
export function gitlabThread(place: Place, { secondMs = 1_000 }: GitlabOptions = {}): Thread {
  /** Asks again while an answer says that it may come later, and stops when that is too long. */
  const patient = async (path: string, init: RequestInit = {}, passes = isPassing): Promise<Response> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await asked(place, path, init);
      const wait = Number(answer.headers.get("retry-after")) || attempt ** 2;
      if (!passes(answer.status) || attempt === tries || wait > longestWait) return answer;
      await later(wait * secondMs);
    }
  };
  const json = async <T>(answer: Response): Promise<T> => {
    if (!answer.ok) throw await explain(answer, place);
    return (await answer.json()) as T;
  };
  const path = `/projects/${encodeURIComponent(place.repository)}/merge_requests/${place.number}/notes`;
  const sent = (method: string, body: string): RequestInit => ({
    method,
    body: JSON.stringify({ body }),
    headers: { "Content-Type": "application/json" },
  });
  const page = place.run?.replace(/\/-\/.*$/, `/-/merge_requests/${place.number}`) ?? "";
  const known = ({ id, body }: Note): Comment => ({ id, body, url: `${page}#note_${id}` });

  return {
    // GitLab takes a million; longer than on GitHub is too long to read.
    limit: 65_000,
    own: async () => {
      const me = await json<{ id: number }>(await patient("/user"));
      const all: Comment[] = [];
      for (let next = "1"; next !== "";) {
        const answer = await patient(`${path}?order_by=created_at&sort=asc&per_page=100&page=${next}`);
        const notes = await json<Note[]>(answer);
        all.push(...notes.filter(({ system, author }) => !system && author.id === me.id).map(known));
        next = answer.headers.get("x-next-page") ?? "";
      }
      return all;
    },
    create: async (body) => {
      // After a failure nobody knows whether the note is there; the caller looks first.
      const answer = await patient(path, sent("POST", body), isLimited);
      return answer.status >= 500 ? undefined : known(await json<Note>(answer));
    },
    update: async ({ id }, body) => known(await json<Note>(await patient(`${path}/${id}`, sent("PUT", body)))),
  };
}

const isLimited = (status: number): boolean => status === 429;
const isPassing = (status: number): boolean => isLimited(status) || status >= 500;

/** Asks GitLab. No answer counts as that of a gateway. */
async function asked({ api, token }: Place, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${api}${path}`, {
      ...init,
      headers: { ...init.headers, "PRIVATE-TOKEN": token },
      redirect: "error",
      signal: AbortSignal.timeout(requestMs),
    });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return new Response(textOf(cause ?? error), { status: 504 });
  }
}

async function explain(answer: Response, { api, repository, number }: Place): Promise<OperatorError> {
  const text = `${answer.status} ${(await answer.text()).slice(0, 500)}`.trim();
  const where = `merge request ${number} of project ${repository}`;
  switch (answer.status) {
    case 401:
      return new OperatorError(`GitLab does not know the token in GITLAB_TOKEN: ${text}`, [
        "make a project access token that has not expired; a job token can't comment",
      ]);
    case 403:
      return new OperatorError(`The token in GITLAB_TOKEN may not comment on ${where}: ${text}`, [
        "give it the scope api and the role Reporter or higher",
      ]);
    case 404:
      return new OperatorError(`GitLab has no ${where}, or the token may not see it: ${text}`, [
        "check CI_PROJECT_ID and --pull-request",
        "give the token the scope api",
      ]);
    case 429:
      return new OperatorError(`GitLab's rate limit is used up: ${text}`, "run the job again later");
    case 400:
    case 413:
    case 422:
      return new OperatorError(`GitLab refuses the comment: ${text}`, "check the text that --body names");
    default:
      return new OperatorError(`GitLab did not do it: ${text}`, [
        `check that ${api} can be reached`,
        "run the same command again later",
      ]);
  }
}

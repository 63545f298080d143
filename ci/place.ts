import { readFileSync } from "node:fs";
import { OperatorError, textOf } from "../domain/problem";

/** The pull request that a run belongs to, and how to reach it. */
export interface Place {
  kind: "github" | "gitlab";
  /** Address of the API, without a slash at its end. */
  api: string;
  token: string;
  /** `owner/name` on GitHub, the number of the project on GitLab. */
  repository: string;
  /** The number of the pull request; on GitLab that of the merge request within its project. */
  number: number;
  commit?: string;
  /** Address of the run. */
  run?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The pull request of this run, from the variables that GitHub Actions or GitLab CI set.
 * @param number of the pull request. Default: what the variables say
 * @throws OperatorError that lists everything that is missing
 */
export function placeIn(env: Environment, number?: number): Place {
  return env.GITLAB_CI === "true" ? gitlabPlace(env, number) : githubPlace(env, number);
}

function githubPlace(env: Environment, number = githubNumber(env)): Place {
  const { GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_RUN_ID } = env;
  const [repository = "", token = ""] = [GITHUB_REPOSITORY, GITHUB_TOKEN];
  demand([
    [token !== "", "GITHUB_TOKEN is not set", "give the step GITHUB_TOKEN: ${{ github.token }}"],
    [/^[^/]+\/[^/]+$/.test(repository), "GITHUB_REPOSITORY is not OWNER/NAME", "set it to the repository"],
    [number !== undefined, "no pull request is known", "run it on pull_request, or name one: --pull-request 12"],
  ]);
  return {
    kind: "github",
    api: plainAddress(env.GITHUB_API_URL || "https://api.github.com", "GITHUB_API_URL"),
    token,
    repository,
    number: number!,
    commit: githubCommit(env),
    run: GITHUB_RUN_ID === undefined ? undefined : `${GITHUB_SERVER_URL}/${repository}/actions/runs/${GITHUB_RUN_ID}`,
  };
}

function gitlabPlace(env: Environment, given?: number): Place {
  const { GITLAB_TOKEN: token = "", CI_API_V4_URL: api = "", CI_PROJECT_ID: repository = "" } = env;
  const number = given ?? (Number(env.CI_MERGE_REQUEST_IID) || undefined);
  demand([
    [
      token !== "",
      "GITLAB_TOKEN is not set",
      "make a project access token with the scope api, and a masked CI/CD variable GITLAB_TOKEN (a job token can't comment)",
    ],
    [api !== "", "CI_API_V4_URL is not set", "set it, for example to https://gitlab.com/api/v4"],
    [repository !== "", "CI_PROJECT_ID is not set", "set it to the number of the project"],
    [
      number !== undefined,
      "no merge request is known",
      "run it in a merge request pipeline, or name one: --pull-request 12",
    ],
  ]);
  return {
    kind: "gitlab",
    api: plainAddress(api, "CI_API_V4_URL"),
    token,
    repository,
    number: number!,
    commit: env.CI_COMMIT_SHA,
    run: env.CI_JOB_URL,
  };
}

function demand(conditions: readonly (readonly [holds: boolean, problem: string, remedy: string])[]): void {
  const missing = conditions.filter(([holds]) => !holds);
  if (missing.length > 0)
    throw new OperatorError(
      `It is not clear where to comment: ${missing.map(([, problem]) => problem).join("; ")}.`,
      missing.map(([, , remedy]) => remedy),
    );
}

/** An address without a slash at its end. A token goes there, so it is no address that sends it in clear to others. */
function plainAddress(text: string, variable: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url !== undefined && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return text.replace(/\/+$/, "");
  throw new OperatorError(`${variable} is not an https address: ${text}`, "a token must not be sent in clear");
}

interface GithubEvent {
  pull_request?: { number?: number; head?: { sha?: string } };
}

function githubNumber(env: Environment): number | undefined {
  return githubEvent(env).pull_request?.number;
}

/** The commit that people pushed; GITHUB_SHA of a pull request is that of a merge which nobody knows. */
function githubCommit(env: Environment): string | undefined {
  return githubEvent(env).pull_request?.head?.sha ?? env.GITHUB_SHA;
}

function githubEvent({ GITHUB_EVENT_PATH: file }: Environment): GithubEvent {
  if (file === undefined || file === "") return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as GithubEvent;
  } catch (error) {
    throw new OperatorError(`The event in GITHUB_EVENT_PATH can't be read: ${textOf(error)}`, [
      "name the pull request: --pull-request 12",
    ]);
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Place } from "../../ci/place";
import { ApiDouble } from "./apiDouble";

/** What goes wrong with a request instead of its answer; `afterwards` does what was asked, and then fails. */
export type Mishap =
  "cut" | { status: number; message: string; headers?: Record<string, string>; afterwards?: boolean } | undefined;

interface Owned {
  id: number;
  body: string;
  user: { id: number; type: "Bot" | "User" };
}

const bot = { id: 41898282, type: "Bot" } as const;
const pathPattern = /^\/api\/repos\/acme\/logs\/issues\/(?:(7)\/comments|comments\/(\d+))$/;

/**
 * Stands in for the REST API of GitHub as it is documented: comments of pull request 7 of acme/logs, in pages with a
 * `Link` header, at most 65,536 characters each, with the errors for a wrong token, a missing right, an unknown pull
 * request and rate limits. A job's token has no user. It shows what our client asks and how it takes the answers; it
 * does not prove that GitHub answers so today, how it renders a comment, or what its real limits let through.
 */
export class GithubDouble extends ApiDouble {
  readonly token = "ghs_double";
  readonly comments: Owned[] = [];
  /** What goes wrong with the n-th request, from 0. */
  mishap: (n: number, method: string) => Mishap = () => undefined;
  /** Who owns the token. Default: a job, so no user. */
  user?: Owned["user"];
  mayWrite = true;
  private ids = 100;

  /** A comment of somebody else, or of ours. */
  has(body: string, user: Owned["user"] = bot): Owned {
    const comment = { id: this.ids++, body, user };
    this.comments.push(comment);
    return comment;
  }

  get api(): string {
    return `http://127.0.0.1:${this.port}/api`;
  }

  place(): Place {
    return { kind: "github", api: this.api, token: this.token, repository: "acme/logs", number: 7 };
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.api);
    const method = request.method ?? "";
    const mishap = this.mishap(this.requests.length, method);
    this.requests.push(`${method} ${url.pathname.replace("/api", "")}${url.search}`);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
        .end(JSON.stringify(body));
    if (mishap === "cut") return void request.socket.destroy();
    if (mishap !== undefined) {
      if (mishap.afterwards === true) await this.done(request, url, () => undefined);
      return void send(mishap.status, { message: mishap.message }, mishap.headers);
    }
    if (request.headers.authorization !== `token ${this.token}`) return void send(401, { message: "Bad credentials" });
    await this.done(request, url, send);
  }

  private async done(
    request: IncomingMessage,
    url: URL,
    send: (status: number, body: unknown, headers?: Record<string, string>) => unknown,
  ): Promise<void> {
    const forbidden = { message: "Resource not accessible by integration" };
    if (url.pathname === "/api/user")
      return void (this.user === undefined ? send(403, forbidden) : send(200, this.user));
    const [, issue, id] = pathPattern.exec(url.pathname) ?? [];
    const comment = this.comments.find((one) => one.id === Number(id));
    if (issue === undefined && comment === undefined) return void send(404, { message: "Not Found" });
    if (request.method === "GET") return this.page(url, send);
    if (!this.mayWrite) return void send(403, forbidden);
    const { body } = (await json(request)) as { body: string };
    // It counts characters, not UTF-16.
    if ([...body].length > 65_536)
      return void send(422, { message: "Validation Failed: Body is too long (maximum is 65536 characters)" });
    if (comment === undefined) return void send(201, this.told(this.has(body, this.user)));
    comment.body = body;
    send(200, this.told(comment));
  }

  private page(url: URL, send: (status: number, body: unknown, headers?: Record<string, string>) => unknown): void {
    const [size, page] = [Number(url.searchParams.get("per_page") ?? 30), Number(url.searchParams.get("page") ?? 1)];
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const more = this.comments.length > size * page;
    const headers: Record<string, string> = more ? { link: `<${next.href}>; rel="next"` } : {};
    send(
      200,
      this.comments.slice(size * (page - 1), size * page).map((one) => this.told(one)),
      headers,
    );
  }

  private told(comment: Owned) {
    return { ...comment, html_url: `https://github.example/acme/logs/pull/7#issuecomment-${comment.id}` };
  }
}

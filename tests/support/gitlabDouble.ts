import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Place } from "../../ci/place";
import { ApiDouble } from "./apiDouble";
import type { Mishap } from "./githubDouble";

interface Owned {
  id: number;
  body: string;
  system: boolean;
  author: { id: number };
}

const notes = "/api/v4/projects/42/merge_requests/7/notes";

/**
 * Stands in for the REST API of GitLab as it is documented: the notes of merge request 7 of project 42, in pages with
 * `x-next-page`, and the errors for a wrong token, a missing right and an unknown merge request. It shows what our
 * client asks and how it takes the answers; it does not prove that GitLab answers so today.
 */
export class GitlabDouble extends ApiDouble {
  readonly token = "glpat-double";
  readonly me = 9;
  readonly notes: Owned[] = [];
  /** What goes wrong with the n-th request, from 0. */
  mishap: (n: number, method: string) => Mishap = () => undefined;
  mayWrite = true;
  private ids = 100;

  has(body: string, author = this.me, system = false): Owned {
    const note = { id: this.ids++, body, system, author: { id: author } };
    this.notes.push(note);
    return note;
  }

  place(): Place {
    const api = `http://127.0.0.1:${this.port}/api/v4`;
    return { kind: "gitlab", api, token: this.token, repository: "42", number: 7 };
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://gitlab.example");
    const method = request.method ?? "";
    const mishap = this.mishap(this.requests.length, method);
    this.requests.push(`${method} ${url.pathname}${url.search}`);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    if (mishap === "cut") return void request.socket.destroy();
    if (mishap !== undefined) {
      if (mishap.afterwards === true) this.has(((await json(request)) as Owned).body);
      return void send(mishap.status, { message: mishap.message }, mishap.headers);
    }
    if (request.headers["private-token"] !== this.token) return void send(401, { message: "401 Unauthorized" });
    if (url.pathname === "/api/v4/user") return void send(200, { id: this.me });
    const note = this.notes.find(({ id }) => url.pathname === `${notes}/${id}`);
    if (url.pathname !== notes && note === undefined) return void send(404, { message: "404 Not found" });
    if (method === "GET") {
      const [size, page] = [Number(url.searchParams.get("per_page")), Number(url.searchParams.get("page"))];
      const next = this.notes.length > size * page ? String(page + 1) : "";
      return void send(200, this.notes.slice(size * (page - 1), size * page), { "x-next-page": next });
    }
    if (!this.mayWrite) return void send(403, { message: "403 Forbidden" });
    const { body } = (await json(request)) as { body: string };
    if (note === undefined) return void send(201, this.has(body));
    note.body = body;
    send(200, note);
  }
}

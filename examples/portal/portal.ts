import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fastify, { type FastifyInstance } from "fastify";
import { OperatorError, type Entry, type ErrorCode, type LogStack, type StackEvent } from "logharbor/automation";
import type { DriftReport } from "logharbor/drift";

/** What the portal needs of a stack. */
export interface PortalStack extends Pick<LogStack, "start" | "outputs" | "doctor"> {
  /** What others changed in the cluster. */
  drift(): Promise<DriftReport>;
  /** The newest lines of the last hour that a LogQL query finds, oldest first. */
  logs(query: string, limit: number): Promise<Entry[]>;
}

/** How to set up a portal. */
export interface PortalArgs {
  /** What each request but that for the page has to carry: `Authorization: Bearer TOKEN`. Secret. */
  token: string;
  /** The stacks that it works on. */
  stacks: readonly string[];
  /** Opens one of them. Each request opens it anew, so that it sees the settings as they are. */
  open: (name: string) => Promise<PortalStack>;
}

/** An operation of a stack that works or has ended. */
interface Work {
  events: () => AsyncIterable<StackEvent>;
  result: Promise<unknown>;
  cancel: () => void;
  over: boolean;
}

type PortalOperation = "preview" | "up" | "destroy";

/** Statuses of what an operator can fix. All other errors are 422: the stack is not in a state for the request. */
const statuses: Partial<Record<ErrorCode, number>> = {
  busy: 409,
  "no-stack": 404,
  backend: 502,
  cluster: 502,
  engine: 502,
  other: 500,
};

/** Bytes of a request's body: it holds a name at most. */
const bodyLimit = 16 * 1024;
/** Most lines of one answer. */
const mostLines = 1_000;

/** A web application that works on stacks, one operation a stack at a time. */
export function createPortal({ token, stacks, open }: PortalArgs): FastifyInstance {
  const app = fastify({ bodyLimit, forceCloseConnections: true });
  const works = new Map<string, Work>();
  const page = readFileSync(join(__dirname, "page.html"), "utf8");

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof OperatorError) {
      const { code, problem, remedy } = error;
      return reply.status(statuses[code] ?? 422).send({ code, problem, remedy });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) console.error(error);
    const problem = status >= 500 ? "The portal failed; its log says why." : error.message;
    return reply.status(status).send({ code: "request", problem, remedy: [] });
  });

  /** Begins an operation. @throws OperatorError if another one of the stack has not ended */
  const begin = (name: string, operation: PortalOperation): Work => {
    if (works.get(name)?.over === false)
      throw new OperatorError(
        `Stack ${name} is at work.`,
        [`wait for its end: GET /stacks/${name}/events`, `or cancel it: DELETE /stacks/${name}/operation`],
        { code: "busy" },
      );
    const stopping = new AbortController();
    const started = open(name).then((stack) => stack.start(operation, { signal: stopping.signal }));
    const work: Work = {
      events: async function* () {
        yield* await started;
      },
      result: started.then(({ result }) => result),
      cancel: () => stopping.abort(),
      over: false,
    };
    const end = () => (work.over = true);
    work.result.then(end, end);
    works.set(name, work);
    return work;
  };

  app.get("/", (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header(
        "content-security-policy",
        "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
      )
      .send(page),
  );

  app.register((api, _options, done) => {
    api.addHook("onRequest", async (request, reply) => {
      if (isSame(request.headers.authorization ?? "", `Bearer ${token}`)) return;
      await reply
        .status(401)
        .header("www-authenticate", "Bearer")
        .send({ code: "request", problem: "The token is missing or wrong.", remedy: ["Authorization: Bearer TOKEN"] });
    });
    api.addHook("preHandler", async (request, reply) => {
      const { name } = request.params as { name?: string };
      if (name === undefined || stacks.includes(name)) return;
      await reply
        .status(404)
        .send({ code: "no-stack", problem: `No stack ${name} here.`, remedy: [`one of ${stacks.join(", ")}`] });
    });

    api.get("/stacks", () => stacks.map((name) => ({ name, working: works.get(name)?.over === false })));

    for (const operation of ["preview", "up", "destroy"] as const)
      api.post<{ Params: { name: string }; Body: { confirm?: string } | null }>(
        `/stacks/:name/${operation}`,
        (request, reply) => {
          const { name } = request.params;
          if (operation === "destroy" && request.body?.confirm !== name)
            return reply.status(400).send({
              code: "request",
              problem: `This deletes stack ${name} with every log that it holds.`,
              remedy: [`say so in the body: {"confirm":"${name}"}`],
            });
          begin(name, operation).result.catch(() => undefined); // the events tell it
          return reply.status(202).send({ operation, events: `/stacks/${name}/events` });
        },
      );

    api.delete<{ Params: { name: string } }>("/stacks/:name/operation", (request, reply) => {
      works.get(request.params.name)?.cancel();
      return reply.status(202).send();
    });

    api.get<{ Params: { name: string } }>("/stacks/:name/events", (request, reply) => {
      const work = works.get(request.params.name);
      if (work === undefined) return reply.status(204).send();
      return reply
        .type("text/event-stream")
        .header("cache-control", "no-store")
        .send(Readable.from(serverSentEvents(work)));
    });

    api.get<{ Params: { name: string } }>("/stacks/:name/outputs", async ({ params }) =>
      (await open(params.name)).outputs(),
    );
    api.get<{ Params: { name: string } }>("/stacks/:name/doctor", async ({ params }) =>
      (await open(params.name)).doctor(),
    );
    api.get<{ Params: { name: string } }>("/stacks/:name/drift", async ({ params }) =>
      (await open(params.name)).drift(),
    );
    api.get<{ Params: { name: string }; Querystring: { query: string; limit: number } }>(
      "/stacks/:name/logs",
      {
        schema: {
          querystring: {
            type: "object",
            required: ["query"],
            properties: {
              query: { type: "string" },
              limit: { type: "integer", minimum: 1, maximum: mostLines, default: 100 },
            },
          },
        },
      },
      async ({ params, query: { query, limit } }) => (await open(params.name)).logs(query, limit),
    );
    done();
  });
  return app;
}

/** The events of an operation from the first one on, in the form of EventSource. Ends with the operation. */
async function* serverSentEvents({ events, result }: Work): AsyncGenerator<string> {
  try {
    for await (const event of events()) yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    await result;
    yield "event: end\ndata: {}\n\n";
  } catch (error) {
    const known = error instanceof OperatorError;
    const told = known ? { code: error.code, problem: error.problem, remedy: error.remedy } : {};
    yield `event: end\ndata: ${JSON.stringify({ error: told })}\n\n`;
  }
}

/** Whether two secrets are the same, in a time that does not tell where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../../../automation/project";
import { OperatorError } from "../../../domain/problem";
import { createPortal } from "../../../examples/portal/portal";
import { PortalStackDouble } from "../../support/portalStackDouble";
import { waitFor } from "../../support/wait";

const token = "a-token-that-nobody-guesses";

describe("the portal of examples/", () => {
  let one: PortalStackDouble;
  let two: PortalStackDouble;
  let failure: Error | undefined;
  let portal: ReturnType<typeof createPortal>;
  let url: string;

  beforeEach(async () => {
    one = new PortalStackDouble("one");
    two = new PortalStackDouble("two");
    failure = undefined;
    const open = (name: string) =>
      failure ? Promise.reject(failure) : Promise.resolve((name === "one" ? one : two).stack);
    portal = createPortal({ token, stacks: ["one", "two"], open });
    url = await portal.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(() => portal.close());

  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { method, ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const content = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
  /** What the stream of events tells, until it ends. */
  const events = async (name: string) => {
    const text = await (await ask("GET", `/stacks/${name}/events`)).text();
    return [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, type, data]) => {
      const { state, error } = JSON.parse(data!) as { state?: string; error?: { code?: string } };
      return [type, state ?? error?.code ?? ""].join(" ").trim();
    });
  };
  const begun = (double: PortalStackDouble) =>
    waitFor("the operation", 5, () => Promise.resolve(double.started.length > 0 ? true : undefined));

  it("does one operation a stack at a time, and those of several stacks at once", async () => {
    assert.equal((await ask("POST", "/stacks/one/preview")).status, 202);
    const refused = await ask("POST", "/stacks/one/up");
    assert.equal(refused.status, 409);
    assert.equal((await content(refused)).code, "busy");
    assert.equal((await ask("POST", "/stacks/two/up")).status, 202);
    await begun(one);
    await begun(two);
    assert.deepEqual(await (await ask("GET", "/stacks")).json(), [
      { name: "one", working: true },
      { name: "two", working: true },
    ]);
    one.finish();
    assert.deepEqual(await events("one"), ["operation started", "operation succeeded", "end"]);
    assert.equal((await ask("POST", "/stacks/one/up")).status, 202);
    assert.deepEqual(one.started, ["preview", "up"]);
  });

  it("tells every viewer an operation from its beginning, while it works and afterwards", async () => {
    assert.equal((await ask("GET", "/stacks/one/events")).status, 204);
    await ask("POST", "/stacks/one/up");
    await begun(one);
    const live = ask("GET", "/stacks/one/events");
    const first = await (await live).body!.getReader().read();
    assert.match(Buffer.from(first.value!).toString(), /^event: operation\ndata: \{.*"state":"started"/);
    one.finish(new OperatorError("It is full.", "make room", { code: "engine" }));
    assert.deepEqual(await events("one"), ["operation started", "end engine"]);
    assert.deepEqual(await events("one"), ["operation started", "end engine"]);
  });

  it("cancels", async () => {
    await ask("POST", "/stacks/one/up");
    await begun(one);
    assert.equal((await ask("DELETE", "/stacks/one/operation")).status, 202);
    assert.deepEqual(await events("one"), ["operation started", "end"]);
  });

  it("gives outputs, findings, drift and lines", async () => {
    assert.deepEqual(await content(await ask("GET", "/stacks/one/outputs")), { tenant: "logharbor" });
    assert.deepEqual((await content(await ask("GET", "/stacks/one/doctor"))).findings, []);
    assert.equal((await content(await ask("GET", "/stacks/one/drift"))).unchanged, 3);
    const query = encodeURIComponent('{app="shop"}');
    const lines = (await (await ask("GET", `/stacks/one/logs?query=${query}&limit=7`)).json()) as { line: string }[];
    assert.deepEqual(
      lines.map(({ line }) => line),
      ['{app="shop"} 7'],
    );
    assert.equal((await ask("GET", "/stacks/one/logs")).status, 400);
    assert.equal((await ask("GET", `/stacks/one/logs?query=x&limit=1000000`)).status, 400);
  });

  it("refuses who has no token or a wrong one, before anything else", async () => {
    for (const authorization of ["", "Bearer wrong", `Basic ${token}`, token])
      for (const [method, path] of [
        ["POST", "/stacks/one/up"],
        ["GET", "/stacks/nosuch/outputs"],
        ["GET", "/stacks"],
      ] as const) {
        const answer = await fetch(`${url}${path}`, { method, headers: { authorization } });
        assert.equal(answer.status, 401, `${authorization} ${path}`);
        assert.equal((await answer.text()).includes(token), false);
      }
    assert.deepEqual(one.started, []);
  });

  it("refuses a body of 10 MB, what is no JSON, and a stack or an operation that is not there", async () => {
    const post = (body: string) =>
      ask("POST", "/stacks/one/up", { body, headers: { "content-type": "application/json" } });
    assert.equal((await post(JSON.stringify({ confirm: "x".repeat(10_000_000) }))).status, 413);
    assert.equal((await post("{")).status, 400);
    assert.equal((await ask("POST", "/stacks/nosuch/up")).status, 404);
    assert.equal((await ask("POST", "/stacks/one/rotate")).status, 404);
    assert.deepEqual(one.started, []);
  });

  it("destroys only what the body names", async () => {
    const destroy = (confirm: string) =>
      ask("POST", "/stacks/one/destroy", {
        body: JSON.stringify({ confirm }),
        headers: { "content-type": "application/json" },
      });
    assert.equal((await ask("POST", "/stacks/one/destroy")).status, 400);
    assert.equal((await destroy("two")).status, 400);
    assert.deepEqual(one.started, []);
    assert.equal((await destroy("one")).status, 202);
    await begun(one);
    assert.deepEqual(one.started, ["destroy"]);
  });

  it("tells what an operator can fix, and keeps to itself what it did not foresee", async () => {
    failure = new OperatorError("The cluster is away.", "start it", { code: "cluster" });
    const answer = await ask("GET", "/stacks/one/outputs");
    assert.equal(answer.status, 502);
    assert.deepEqual(await content(answer), { code: "cluster", problem: "The cluster is away.", remedy: ["start it"] });
    assert.equal((await ask("POST", "/stacks/one/up")).status, 202);
    assert.deepEqual(await events("one"), ["end cluster"]);

    failure = new TypeError("a secret detail");
    const log = console.error;
    console.error = () => undefined;
    const hidden = await ask("GET", "/stacks/one/outputs").finally(() => (console.error = log));
    assert.equal(hidden.status, 500);
    assert.doesNotMatch(await hidden.text(), /secret/);
  });

  it("has a page, which needs no token and holds none", async () => {
    const answer = await fetch(url);
    assert.match(answer.headers.get("content-type") ?? "", /text\/html/);
    assert.equal(await answer.text(), readFileSync(join(projectDir, "examples/portal/page.html"), "utf8"));
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  });
});

import assert from "node:assert/strict";
import { Command } from "commander";
import { addLogs, requestOf, type LogsOptions } from "../../../cli/logs";
import type { LogRequest } from "../../../cli/showLogs";

/** What a command line asks for, or the error that it gets. */
async function asked(...args: string[]): Promise<Omit<LogRequest, "pageLines">> {
  let request: Omit<LogRequest, "pageLines"> | undefined;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addLogs(program);
  program.commands[0]!.exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .action((query: string | undefined, options: LogsOptions) => {
      request = requestOf(query, options);
    });
  await program.parseAsync(["logs", ...args], { from: "user" });
  return request!;
}

describe("npm run logs", () => {
  it("takes the words of kubectl and stern", async () => {
    const rows: [string[], string][] = [
      [["-n", "default"], '{namespace="default"}'],
      [["-n", "a,b", "-n", "c"], '{namespace=~"a|b|c"}'],
      [["--pod", "shop/web-0"], '{namespace="shop"} | pod="web-0"'],
      [["--pod", "web-0, web-1", "-n", "shop"], '{namespace="shop"} | pod=~"web-0|web-1"'],
      [["--app", "shop", "--container", "main"], '{app="shop", container="main"}'],
      [["--level", "Error,fatal"], '{namespace=~".+"} | detected_level=~"error|fatal"'],
      [["--grep", "a,b"], '{namespace=~".+"} |~ "a,b"'],
      [["--grep", "a", "--grep", "b"], '{namespace=~".+"} |~ "(?:a)|(?:b)"'],
      [['{app="x"} | json'], '{app="x"} | json'],
    ];
    for (const [args, query] of rows) assert.equal((await asked(...args)).query, query);
  });

  it("prints the newest 100 lines of the last hour, unless told otherwise", async () => {
    const { start, end, ...rest } = await asked("-n", "default");
    assert.equal(end - start, 3_600_000_000_000n);
    assert.deepEqual(rest, {
      query: '{namespace="default"}',
      limit: 100,
      follow: false,
      output: "text",
      around: undefined,
      stats: false,
    });
    const day = await asked("-n", "a", "--since", "2026-11-25", "--until", "2026-11-26T00:00:00.5Z", "--limit", "all");
    assert.deepEqual([day.start, day.end, day.limit], [1795564800000000000n, 1795651200500000000n, "all"]);
    const { start: from, end: until } = await asked("-n", "a", "--until", "2026-11-26");
    assert.equal(until - from, 3_600_000_000_000n);
    assert.equal((await asked("-n", "a", "--limit", "20000")).limit, 20_000);
  });

  it("refuses what contradicts itself, names the options and says what to do", async () => {
    const rows: [string[], RegExp][] = [
      [
        [],
        /^OperatorError: Nothing says which lines to print\.\n {2}-> name a namespace[^]*\n {2}-> or write a LogQL query/,
      ],
      [
        ['{a="b"}', "--pod", "x", "--level", "error"],
        /LogQL query and --pod, --level both[^]*-> leave out[^]*-> [^]*mean \{.*\} \| pod="x" \| detected_level="error"/,
      ],
      [["--pod", "a/b", "-n", "c"], /--pod a\/b and --namespace both name a namespace[^]*->/],
      [["--pod", "a/b,c/d"], /pods are of several namespaces[^]*->/],
      [["--pod", "a/b,d"], /pods are of several namespaces[^]*->/],
      [["-n", "a", "-f", "--until", "1h"], /--follow[^]*--until[^]*-> leave out/],
      [["-n", "a", "-f", "--around", "2", "--stats"], /--follow[^]*--around, --stats[^]*-> leave out/],
      [["-n", "a", "--around", "2", "--limit", "all"], /--around[^]*-> lower --limit to 1000/],
      [["-n", "a", "--around", "2", "-o", "csv"], /--around[^]*-> choose --output json/],
      [["-n", "a", "--context", "3"], /--context names a context of your kubeconfig[^]*-> [^]*--around 3/],
      [["-n", "a", "--since", "1h", "--until", "2h"], /--since is not before[^]*-> /],
      [["-n", "a", "--since", "yesterday"], /--since <time>[^]*such as 15m or 2d/],
      [["-n", "a", "--since", "2026-13-01"], /--since <time>[^]*no such time/],
      [["-n", "a,,b"], /--namespace <names>[^]*commas/],
      [["--pod", "a/b/c"], /--pod <names>[^]*NAMESPACE\/NAME/],
      [["-n", "a", "--grep", "[x"], /--grep <regex>[^]*no regular expression[^]*missing closing \]/],
      [["--level", "warning"], /--level <levels>[^]*Levels are trace, debug/],
      [["-n", "a", "--limit", "0"], /--limit <lines>[^]*from 1 to 1000000[^]*or all/],
      [["-n", "a", "--limit", "2000000"], /--limit <lines>[^]*held in memory[^]*or all/],
      [["-n", "a", "--around", "x"], /--around <lines>[^]*whole number/],
      [["-n", "a", "-o", "yaml"], /--output <format>[^]*text, raw, json, csv/],
    ];
    for (const [args, error] of rows) await assert.rejects(asked(...args), error, args.join(" "));
  });
});

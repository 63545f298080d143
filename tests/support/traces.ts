import { finds } from "../../domain/regularExpression";
import { tracePresets, type TracePreset, type TracePresetName } from "../../domain/tracePresets";
import { random } from "./random";

const { below, chars, pick } = random(31);

const line = () => String(1 + below(900));
const hex = (length: number) => chars("0123456789abcdef", length);
const time = () => `2026-11-26 0${below(10)}:1${below(10)}:2${below(10)}.${chars("0123456789", 3)}`;
const noun = () => pick(["Order", "Payment", "Cart", "Stock", "Invoice", "Customer"]);
const small = () => noun().toLowerCase();
const lines = (...texts: string[]) => texts.join("\n");
const times = (count: number, make: () => string) => Array.from({ length: count }, make).join("\n");

const javaFrame = () =>
  pick([
    () => `\tat com.example.shop.${noun()}Service.find(${noun()}Service.java:${line()})`,
    () =>
      `\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:${line()}) ~[spring-webmvc-6.1.2.jar!/:6.1.2]`,
    () =>
      `\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:${line()})`,
    () => `\tat com.example.shop.${noun()}$$SpringCGLIB$$0.save(<generated>)`,
    () => `\tat java.base/java.lang.Thread.run(Thread.java:${line()}) [na:na]`,
  ])();
const javaError = () =>
  pick([
    `java.lang.IllegalStateException: ${small()} is closed`,
    "java.lang.NullPointerException",
    `org.postgresql.util.PSQLException: ERROR: relation "${small()}s" does not exist\n  Position: 15`,
    `com.example.shop.${noun()}Exception: no ${small()} ${line()}: try again`,
    "java.lang.OutOfMemoryError: Java heap space",
  ]);
const java = [
  () =>
    lines(
      `${time()} ERROR 1 --- [nio-8080-exec-${below(9)}] c.e.shop.${noun()}Controller : request failed`,
      javaError(),
      times(12, javaFrame),
    ),
  () =>
    lines(
      `Exception in thread "main" ${javaError()}`,
      times(6, javaFrame),
      `Caused by: ${javaError()}`,
      times(3, javaFrame),
      `\t... ${line()} more`,
    ),
  () =>
    lines(
      `${time()} WARN [main] ${noun()}Job - retrying`,
      javaError(),
      times(4, javaFrame),
      `\tSuppressed: ${javaError().split("\n")[0]}`,
      times(2, () => `\t${javaFrame()}`),
      "\t\t... 7 more",
      `Caused by: ${javaError()}`,
      times(5, javaFrame),
      "\t... 41 common frames omitted",
    ),
  () => `${javaError()}\n${times(300, javaFrame)}`,
];

const pythonFrame = () =>
  lines(
    `  File "/app/shop/${small()}.py", line ${line()}, in ${small()}_${pick(["find", "save"])}`,
    `    return self.${small()}.get(${small()}_id)${pick(["", "\n           ~~~~~~~~~~~~~~^^^^^^^^^^"])}`,
  );
const pythonError = () =>
  pick([
    `KeyError: '${small()}'`,
    `ValueError: invalid literal for int() with base 10: '${hex(4)}'`,
    `requests.exceptions.ConnectTimeout: HTTPConnectionPool(host='${small()}', port=80): Max retries exceeded`,
    "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not connect",
    "ZeroDivisionError: division by zero",
    "SystemExit: 3",
    "KeyboardInterrupt",
  ]);
const trace = () => `Traceback (most recent call last):\n${times(1 + below(6), pythonFrame)}\n${pythonError()}`;
const python = [
  () => `${time()} ERROR shop.${small()}: request failed\n${trace()}`,
  () => trace(),
  () =>
    `ERROR:root:job ${line()} failed\n${trace()}\n\nDuring handling of the above exception, another exception occurred:\n\n${trace()}`,
  () =>
    lines(
      `Exception in thread Thread-${line()} (worker):`,
      trace(),
      "",
      "The above exception was the direct cause of the following exception:",
      "",
      trace(),
      "",
      "During handling of the above exception, another exception occurred:",
      "",
      trace(),
    ),
];

const goFrame = () =>
  pick([
    () =>
      `main.(*${noun()}).save(0xc000${hex(6)}, {0x${hex(6)}, 0x${line()}})\n\t/app/${small()}.go:${line()} +0x${hex(3)}`,
    () =>
      `net/http.(*conn).serve(0xc000${hex(6)}, {0x9a1b68, 0xc00011e210})\n\t/usr/local/go/src/net/http/server.go:2009 +0x5f4`,
    () =>
      `github.com/example/shop/v2/internal/${small()}.Run.func1()\n\t/app/internal/${small()}/run.go:${line()} +0x${hex(2)}`,
  ])();
const goroutine = (state = "running") => `goroutine ${line()} [${state}]:\n${times(1 + below(7), goFrame)}`;
const go = [
  () =>
    lines(
      "panic: runtime error: invalid memory address or nil pointer dereference",
      `[signal SIGSEGV: segmentation violation code=0x1 addr=0x${hex(2)} pc=0x${hex(6)}]`,
      "",
      goroutine(),
      "exit status 2",
    ),
  () =>
    lines(
      `panic: ${small()} is closed [recovered]`,
      `\tpanic: ${small()} is closed`,
      "",
      goroutine(),
      `panic({0x${hex(6)}?, 0xc0000141e0?})`,
      "\t/usr/local/go/src/runtime/panic.go:770 +0x132",
      goFrame(),
      "created by main.main in goroutine 1",
      `\t/app/main.go:${line()} +0x${hex(2)}`,
      "",
      goroutine("chan receive, 3 minutes"),
    ),
  () =>
    lines(
      `2026/11/26 06:00:${10 + below(50)} http: panic serving 10.0.0.7:${line()}: no ${small()}`,
      goroutine(),
      "created by net/http.(*Server).Serve in goroutine 1",
      "\t/usr/local/go/src/net/http/server.go:3086 +0x5cb",
    ),
  () =>
    lines(
      "fatal error: all goroutines are asleep - deadlock!",
      "",
      goroutine("select (no cases)"),
      "",
      goroutine("semacquire"),
      "created by main.main",
      `\t/app/main.go:12 +0x${hex(2)}`,
    ),
  () =>
    lines(
      `${time()}\tERROR\t${small()}/run.go:${line()}\tcannot save\t{"id": ${line()}}`,
      "main.run",
      `\t/app/main.go:${line()}`,
      `github.com/example/shop.(*${noun()}).Save`,
      `\t/app/${small()}.go:${line()}`,
      "runtime.main",
      "\t/usr/local/go/src/runtime/proc.go:283",
    ),
];

const dotnetFrame = () =>
  pick([
    () => `   at Shop.${noun()}s.${noun()}Service.FindAsync(Int32 id) in /src/Shop/${noun()}Service.cs:line ${line()}`,
    () =>
      `   at Microsoft.AspNetCore.Mvc.Infrastructure.ActionMethodExecutor.Execute(ActionContext context, Object[] arguments)`,
    () => `--- End of stack trace from previous location ---\n   at System.Threading.Tasks.Task.WaitAll(Task[] tasks)`,
  ])();
const dotnetError = () =>
  pick([
    `System.InvalidOperationException: Sequence contains no ${small()}`,
    `Npgsql.NpgsqlException (0x80004005): Failed to connect to 10.0.0.${below(250)}:5432`,
    `System.NullReferenceException: Object reference not set to an instance of an object.`,
    `Shop.${noun()}s.${noun()}Exception: no ${small()} ${line()}`,
  ]);
const dotnet = [
  () =>
    lines(
      `Unhandled exception. ${dotnetError()}`,
      ` ---> ${dotnetError()}`,
      times(3, dotnetFrame),
      "   --- End of inner exception stack trace ---",
      times(4, dotnetFrame),
    ),
  () =>
    lines(
      `[06:0${below(10)}:12 ERR] HTTP GET /${small()}s/${line()} responded 500`,
      dotnetError(),
      "   at Shop.Start()",
      times(8, dotnetFrame),
    ),
  () =>
    lines(
      "fail: Microsoft.AspNetCore.Server.Kestrel[13]",
      `      Connection id "0H${hex(8)}": an unhandled exception was thrown by the application.`,
      `      ${dotnetError()}`,
      times(5, dotnetFrame),
    ).replaceAll("\n--- End", "\n      --- End"),
  () => `${dotnetError()}\n${times(3, dotnetFrame)}`,
];

const nodeFrame = () =>
  pick([
    () => `    at ${noun()}Service.find (/app/src/${small()}.js:${line()}:${below(80)})`,
    () => `    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
    () => `    at async file:///app/src/${small()}.mjs:${line()}:7`,
  ])();
const nodeError = () =>
  pick([
    `TypeError: Cannot read properties of undefined (reading '${small()}')`,
    `Error: connect ECONNREFUSED 10.0.0.${below(250)}:5432`,
    `AssertionError [ERR_ASSERTION]: ${small()} must be set`,
    `RangeError: Maximum call stack size exceeded`,
  ]);
const node = [
  () =>
    `/app/src/${small()}.js:${line()}\n    throw new Error("x");\n    ^\n\n${nodeError()}\n${times(6, nodeFrame)}\n\nNode.js v22.11.0`,
  () =>
    lines(
      "node:internal/process/promises:394",
      "      triggerUncaughtException(err, true /* fromPromise */);",
      "      ^",
      "",
      nodeError(),
      `${times(3, nodeFrame)} {`,
      "  errno: -111,",
      "  code: 'ECONNREFUSED',",
      "  syscall: 'connect'",
      "}",
      "",
      "Node.js v22.11.0",
    ),
  () =>
    lines(
      `[06:0${below(10)}:12] ERROR: cannot save ${small()} ${line()}`,
      nodeError(),
      times(5, nodeFrame),
      "    at next {",
      "  [cause]: Error: closed",
      "      at close (/app/db.js:3:1)",
      "}",
    ),
  () => `${nodeError()}\n${times(4, nodeFrame)}`,
];

const makers: Record<TracePresetName, (() => string)[]> = { java, python, go, dotnet, node };

/** Entries that are one line, as programs of a language write them between traces. */
const plain: Record<TracePresetName, () => string> = {
  java: () => `${time()} INFO 1 --- [main] c.e.shop.${noun()}Service : ${small()} ${line()} saved`,
  python: () =>
    pick([
      `INFO:     10.0.0.7:${line()} - "GET /${small()}s HTTP/1.1" 200 OK`,
      `${time()} INFO shop.${small()}: saved`,
    ]),
  go: () =>
    pick([
      `{"level":"info","msg":"${small()} saved","id":${line()}}`,
      `2026/11/26 06:00:00 ${small()} ${line()} saved`,
    ]),
  dotnet: () => `[06:00:12 INF] HTTP GET /${small()}s/${line()} responded 200 in ${line()} ms`,
  node: () => `[06:00:12] INFO: ${small()} ${line()} saved`,
};

const names = Object.keys(makers) as TracePresetName[];

/** Thirty traces of each language, the same at each run. */
export const traces: Readonly<Record<TracePresetName, readonly string[]>> = byName((name) =>
  Array.from({ length: 30 }, (_, index) => makers[name][index % makers[name].length]!()),
);

/** Whether a trace begins without a message: it is joined to the line before it, if there is one. */
export function isBare(name: TracePresetName, text: string): boolean {
  const { header }: TracePreset = tracePresets[name];
  return header !== undefined && finds(`^(?:${header})`, text);
}

/** What a container writes, entry by entry: the traces that have a message, and lines between them. */
export const containerEntries: typeof traces = byName((name) =>
  traces[name].filter((text) => !isBare(name, text)).flatMap((text) => [text, plain[name]()]),
);

function byName<T>(make: (name: TracePresetName) => T): Record<TracePresetName, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<TracePresetName, T>;
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { plannedStep, summary, engineProgress } from "../../../automation/engineProgress";
import { podPorts } from "../../../cluster/readyPods";
import { loadKubeConfig } from "../../../cluster/kubeconfig";
import { serviceAddress } from "../../../cluster/serviceAddress";
import { portTaken } from "../../../cluster/tunnel";
import { explain } from "../../../cli/console";
import { formatBytes, formatDuration, parseDuration } from "../../../cli/duration";
import { format } from "../../../cli/logs";

describe("durations", () => {
  it("are read", () => {
    assert.deepEqual(
      ["90s", "15m", "1h30m", "7d", "1w", "1.5h", "250ms"].map(parseDuration),
      [90_000, 900_000, 5_400_000, 604_800_000, 604_800_000, 5_400_000, 250],
    );
  });

  it("are refused with an example", () => {
    for (const text of ["", "5", "5x", "1h 30m", "h", "-1h", "1hh"])
      assert.throws(
        () => parseDuration(text),
        new RangeError(`"${text}" is not a duration; write for example 90s, 15m, 1h30m or 7d`),
      );
    assert.throws(() => parseDuration("0s"), /not longer than zero/);
  });

  it("add up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 99 }), (h, m) =>
        assert.equal(parseDuration(`${h}h${m}m`), (h * 60 + m) * 60_000),
      ),
    );
  });

  it("and bytes are written for people", () => {
    assert.deepEqual([400, 45_000, 89_400, 120_000, 200_000].map(formatDuration), [
      "0 s",
      "45 s",
      "89 s",
      "2 min",
      "3 min 20 s",
    ]);
    assert.deepEqual([0, 12, 1024, 1_500_000, 200 * 2 ** 20, 3 * 2 ** 30].map(formatBytes), [
      "0 B",
      "12 B",
      "1.0 KiB",
      "1.4 MiB",
      "200 MiB",
      "3.0 GiB",
    ]);
  });
});

describe("entries", () => {
  const entry = {
    timestampNs: "1763800000123456789",
    labels: { namespace: "default", container: "shop" },
    metadata: { pod: "shop-1" },
    line: "hello",
  };

  it("are a line of text", () => {
    assert.equal(format(entry, "text"), "2025-11-22T08:26:40.123Z default/shop-1/shop hello");
    assert.equal(format({ ...entry, metadata: {}, labels: { app: "x" } }, "text"), "2025-11-22T08:26:40.123Z - hello");
  });

  it("are an object that keeps the nanoseconds", () => {
    assert.deepEqual(JSON.parse(format(entry, "json")), { time: "2025-11-22T08:26:40.123Z", ...entry });
  });
});

describe("faults on the command line", () => {
  it("show a stack for faults of ours only", () => {
    assert.equal(explain(new Error("disk on fire\n  -> put it out"), false), "disk on fire\n  -> put it out");
    assert.match(explain(new TypeError("x is undefined"), false), /\n\s+at /);
    assert.match(explain(new Error("x"), true), /\n\s+at /);
  });

  it("tell a full disk", () => {
    assert.match(
      explain(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }), false),
      /^The disk is full: .*\n {2}-> free some disk space/,
    );
  });

  it("name the port's holder and the setting", () => {
    assert.match(
      portTaken(39000, undefined).message,
      /^Port 39000 .* is taken by another program\.\n {2}-> .*logharbor:minio\.tunnelPort 39001`$/,
    );
    assert.match(
      portTaken(39000, "logs/minio (process 7)").message,
      /held by another Logharbor operation: a tunnel to logs\/minio \(process 7\)\.\n {2}-> wait[^]*tunnelPort 39001`$/,
    );
  });
});

const kubeconfig = `
apiVersion: v1
clusters: [{ name: c, cluster: { server: "https://k:6443" } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: blue, context: { cluster: c, user: u } }, { name: lost, context: { cluster: nowhere, user: u } }]
current-context: blue
`;

describe("kubeconfig", () => {
  it("takes content, and the context that is asked for", () => {
    assert.equal(loadKubeConfig({ kubeconfig }).getCurrentCluster()?.server, "https://k:6443");
    assert.equal(loadKubeConfig({ kubeconfig, context: "blue" }).getCurrentContext(), "blue");
  });

  it("names the context and those that exist, and how to set another", () => {
    assert.throws(
      () => loadKubeConfig({ kubeconfig, context: "green" }),
      /^OperatorError: The kubeconfig has no context "green"; it has: blue, lost\.\n {2}-> choose a context with `pulumi config set kubernetes:context NAME`/,
    );
    assert.throws(
      () => loadKubeConfig({ kubeconfig, context: "lost" }),
      /names the cluster "nowhere", which is missing from the kubeconfig/,
    );
    assert.throws(() => loadKubeConfig({ kubeconfig: "{}" }), /no current context; it has no contexts at all/);
    assert.throws(
      () => loadKubeConfig({ kubeconfig: "/no/such/file" }),
      /can't be read: the file \/no\/such\/file does not exist/,
    );
  });
});

describe("pods behind a Service", () => {
  const service = {
    spec: {
      ports: [
        { name: "http", port: 80, targetPort: "web" },
        { name: "grpc", port: 90 },
      ],
    },
  };
  const endpoint = (name: string, ready?: boolean) => ({
    addresses: ["10.0.0.1"],
    conditions: { ready },
    targetRef: { kind: "Pod", name },
  });
  const slice = {
    addressType: "IPv4",
    ports: [
      { name: "http", port: 8080 },
      { name: "grpc", port: 9090 },
    ],
    endpoints: [endpoint("b"), endpoint("a", true), endpoint("c", false)],
  };

  it("are those that are ready, with the port resolved", () => {
    assert.deepEqual(podPorts(service, [slice], 80), [
      { pod: "a", port: 8080 },
      { pod: "b", port: 8080 },
    ]);
    assert.deepEqual(
      podPorts(service, [slice], 90).map(({ port }) => port),
      [9090, 9090],
    );
  });

  it("are none for a port that the Service does not have", () => {
    assert.deepEqual(podPorts(service, [slice], 81), []);
    assert.deepEqual(podPorts({}, [], 80), []);
  });

  it("are addressed by the URLs that are outputs", () => {
    assert.deepEqual(serviceAddress("http://loki.logs.svc:3100"), {
      service: "loki",
      namespace: "logs",
      port: 3100,
      tls: false,
    });
    assert.deepEqual(serviceAddress("https://loki-gateway.logs.svc:443"), {
      service: "loki-gateway",
      namespace: "logs",
      port: 443,
      tls: true,
    });
    assert.equal(serviceAddress("http://loki-gateway.logs.svc:80").port, 80);
  });
});

describe("progress", () => {
  const step = (op: "create" | "update" | "same", type: string, custom = true) => ({
    op,
    type,
    urn: `urn:pulumi:dev::logharbor::${type}::thing`,
    provider: "",
    new: { type, urn: "", id: "", parent: "", provider: "", inputs: {}, outputs: {}, custom },
  });
  const release = "kubernetes:helm.sh/v3:Release";

  it("shows what an update would change", () => {
    assert.equal(
      plannedStep({
        ...step("update", release),
        detailedDiff: { "values.loki.config": { diffKind: "update" as never, inputDiff: true } },
      }),
      "~  Release thing  [values.loki.config]",
    );
    assert.equal(plannedStep(step("create", release)), "+  Release thing");
  });

  it("prints what was done, and passes over what is the same, components and providers", () => {
    const lines: string[] = [];
    const progress = engineProgress((line) => lines.push(line));
    for (const metadata of [
      step("create", release),
      step("same", release),
      step("create", "logharbor:index:Loki", false),
      step("create", "pulumi:providers:minio"),
    ]) {
      progress.onEvent({ sequence: 0, timestamp: 0, resourcePreEvent: { metadata } });
      progress.onEvent({ sequence: 1, timestamp: 0, resOutputsEvent: { metadata } });
    }
    progress.stop();
    assert.deepEqual(lines, ["  created Release thing"]);
  });

  it("prints warnings once, and keeps errors for the end", () => {
    const lines: string[] = [];
    const progress = engineProgress((line) => lines.push(line));
    for (const severity of ["warning", "warning", "error", "error"] as const)
      progress.onEvent({
        sequence: 0,
        timestamp: 0,
        diagnosticEvent: { message: "<{%reset%}>look here<{%reset%}>\n", color: "never", severity },
      });
    progress.stop();
    assert.deepEqual(lines, ["  warning: look here"]);
    assert.deepEqual(progress.errors, ["look here"]);
  });

  it("sums up", () => {
    assert.equal(summary({ create: 3, same: 20, update: 1 }), "3 created, 1 updated, 20 unchanged");
    assert.equal(summary({ same: 24 }), "no changes, 24 unchanged");
  });
});

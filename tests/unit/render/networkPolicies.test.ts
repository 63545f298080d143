import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { flowsOf, networkPolicies } from "../../../render/networkPolicies";
import { allows, inCluster, type ClusterPolicies, type End } from "../../support/policyEvaluator";
import { settingsFor, someDatabase, someOidc, someStore, someTier, type Overrides } from "../../support/stack";

/** Labels as the upstream charts give them (npm run charts:check). */
const loki = (component: string, more: Record<string, string> = {}): End => ({
  namespace: "logharbor-loki",
  labels: {
    "app.kubernetes.io/name": "loki",
    "app.kubernetes.io/instance": "loki",
    "app.kubernetes.io/component": component,
    ...more,
  },
});
const minio: End = { namespace: "logharbor-minio", labels: { app: "minio", release: "minio" } };
const alloy: End = {
  namespace: "logharbor-alloy",
  labels: { "app.kubernetes.io/name": "alloy", "app.kubernetes.io/instance": "alloy" },
};
const events: End = { namespace: "logharbor-alloy", labels: { "app.kubernetes.io/name": "logharbor-events" } };
const canary: End = { namespace: "logharbor-alloy", labels: { "app.kubernetes.io/name": "logharbor-canary" } };
const grafana: End = {
  namespace: "logharbor-grafana",
  labels: { "app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": "grafana" },
};

const tier: End = { namespace: "logharbor-minio", labels: { app: "minio-tier" } };

/** Pods of the platform, of all topologies at once, and everyone else. */
const ends: Record<string, End> = {
  minio,
  tier,
  single: loki("single-binary", { "app.kubernetes.io/part-of": "memberlist" }),
  write: loki("write", { "app.kubernetes.io/part-of": "memberlist" }),
  read: loki("read", { "app.kubernetes.io/part-of": "memberlist" }),
  backend: loki("backend", { "app.kubernetes.io/part-of": "memberlist" }),
  gateway: loki("gateway"),
  chunks: loki("memcached-chunks-cache", { name: "memcached-chunks-cache" }),
  results: loki("memcached-results-cache", { name: "memcached-results-cache" }),
  alloy,
  canary,
  events,
  grafana,

  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  "dns cache pod": { namespace: "kube-system", labels: { "k8s-app": "node-local-dns" } },
  "dns of OpenShift": {
    namespace: "openshift-dns",
    labels: { "dns.operator.openshift.io/daemonset-dns": "default" },
  },
  "node-local-dns": { address: "169.254.20.10" },
  "dns of GKE": { address: "169.254.169.254" },
  "dns of AKS": { address: "169.254.10.11" },
  "other dns": { namespace: "dns", labels: { app: "dns" } },
  "other dns server": { address: "10.96.0.10" },
  ingress: { namespace: "ingress-nginx", labels: { "app.kubernetes.io/name": "ingress-nginx" } },
  prometheus: { namespace: "monitoring", labels: { app: "prometheus" } },
  workload: { namespace: "default", labels: { app: "web" } },
  "minio elsewhere": { ...minio, namespace: "default" },
  "alloy elsewhere": { ...alloy, namespace: "default" },
  "stranger in minio": { namespace: "logharbor-minio", labels: { app: "shell" } },
  "stranger in loki": { namespace: "logharbor-loki", labels: { app: "shell" } },
  "stranger in alloy": { namespace: "logharbor-alloy", labels: { app: "shell" } },
  "stranger in grafana": { namespace: "logharbor-grafana", labels: { app: "shell" } },
  "the API server": { address: "10.0.0.1" },
  "the internet": { address: "203.0.113.7" },
};
const isOurs = ({ namespace = "" }: End) => namespace.startsWith("logharbor-");

const ports = [
  22, 53, 80, 443, 1053, 3000, 3100, 3500, 5353, 6060, 6443, 7946, 8080, 8443, 9000, 9001, 9094, 9095, 9096, 10250,
  11211, 12345,
];
const processes = ["single", "write", "read", "backend"];
const outside = Object.keys(ends).filter((name) => !isOurs(ends[name]!));

const pairs = (from: readonly string[], to: readonly string[], ...open: (number | string)[]) =>
  from.flatMap((a) => to.flatMap((b) => open.map((port) => `${a} -> ${b}:${port}`)));
const dnsServers = ["dns", "dns cache pod", "dns of OpenShift", "node-local-dns", "dns of GKE", "dns of AKS"];
const asksDns = (...from: string[]) => pairs(from, dnsServers, "53", "53/udp", "5353", "5353/udp");

const asksApi = (...from: string[]) => pairs(from, outside, 443, 6443);

/** What Alloy, Loki and Grafana do in each topology; `entry` is who takes pushes and queries there. */
const common = (entry: readonly string[], http: number, ring: readonly number[]) => [
  ...pairs(["alloy", "grafana"], entry, http),
  ...asksApi("alloy"),
  ...pairs(processes, processes, 3100, 9095, ...ring),
  ...pairs(processes, ["minio"], 9000),
  ...asksDns("alloy", "grafana", ...processes),
];
const devFlows = common(processes, 3100, []);
const prodFlows = [
  ...common(["gateway"], 8080, [7946]),
  ...pairs(["gateway"], processes, 3100),
  ...pairs(processes, ["chunks", "results"], 11211),
  ...pairs(["minio"], ["minio"], 9000),
  ...pairs(["canary"], ["gateway"], 8080),
  ...pairs(["events"], ["gateway"], 8080),
  ...asksApi("events"),
  ...asksDns("gateway", "minio", "canary", "events"),
];

/** What prod can have and leaves out by default. */
const allOn: Overrides = { canary: { enabled: true }, alloy: { events: { enabled: true } } };

const stacks: [title: string, profile: "dev" | "prod", overrides: Overrides, flows: string[]][] = [
  ["dev", "dev", {}, devFlows],
  ["prod", "prod", allOn, prodFlows],
  ["ha-monolithic", "prod", { ...allOn, topology: "ha-monolithic" }, prodFlows],
  [
    "a canary without a gateway",
    "dev",
    { canary: { enabled: true } },
    [...devFlows, ...pairs(["canary"], processes, 3100), ...asksDns("canary")],
  ],
  ["without Grafana", "dev", { grafana: { enabled: false } }, devFlows.filter((flow) => !flow.startsWith("grafana"))],
  [
    "without caches",
    "prod",
    { ...allOn, loki: { caches: { chunksMb: 0, resultsMb: 0 } } },
    prodFlows.filter((flow) => !flow.includes(":11211")),
  ],
  [
    "a gateway that asks for a password",
    "dev",
    { gateway: { authentication: "basic" } },
    [...common(["gateway"], 8080, []), ...pairs(["gateway"], processes, 3100), ...asksDns("gateway")],
  ],
  [
    "an API server at another port",
    "dev",
    { apiServerPorts: [16443] },
    devFlows.filter((flow) => !/:(6443|443)$/.test(flow)),
  ],
  [
    "DNS in a namespace and on a port of its own, and at an address",
    "dev",
    { dns: { namespace: "dns", ports: [1053], cidrs: ["10.96.0.10/32"] } },
    [
      ...devFlows.filter((flow) => !/:(53|5353)(\/udp)?$/.test(flow)),
      ...pairs(
        ["alloy", "grafana", ...processes],
        ["dns", "dns cache pod", "dns of OpenShift", "other dns", "other dns server"],
        "1053",
        "1053/udp",
      ),
    ],
  ],
  [
    "an ingress controller",
    "prod",
    { ...allOn, ingressNamespaces: ["ingress-nginx"] },
    [...prodFlows, ...pairs(["ingress"], ["grafana"], 3000), ...pairs(["ingress"], ["gateway"], 8080)],
  ],
  [
    "a load balancer that sends to pods",
    "dev",
    { ingressCidrs: ["203.0.113.0/24"] },
    [...devFlows, ...pairs(["the internet"], ["grafana"], 3000), ...pairs(["the internet"], processes, 3100)],
  ],
  [
    "a Prometheus",
    "prod",
    { ...allOn, monitoring: { namespaces: ["monitoring"], prometheusUrl: "http://prometheus.monitoring.svc:8443" } },
    [
      ...prodFlows,
      ...pairs(["grafana"], outside, 8443),
      ...pairs(["prometheus"], processes, 3100),
      ...pairs(["prometheus"], ["minio"], 9000),
      ...pairs(["prometheus"], ["alloy"], 12345),
      ...pairs(["prometheus"], ["canary"], 3500),
      ...pairs(["prometheus"], ["events"], 12345),
      ...pairs(["prometheus"], ["grafana"], 3000),
    ],
  ],
  [
    "several Grafanas with a login, mail, plug-ins and further data sources",
    "dev",
    {
      grafana: {
        replicas: 2,
        url: "https://grafana.example.com",
        database: { ...someDatabase, host: "postgres.db.svc:9096" },
        oidc: { ...someOidc, tokenUrl: "https://sso.example.com:8443/token" },
        smtp: { host: "smtp.example.com:22", from: "grafana@example.com" },
        plugins: ["a-panel@1.2.3"],
        dataSourceFiles: ["tests/support/grafana/data-sources.yaml"],
        envFromSecrets: ["passwords"],
      },
    },
    [
      ...devFlows,
      ...pairs(["grafana"], outside, 9096, 8443, 443, 22),
      ...pairs(["grafana"], ["grafana"], 9094, "9094/udp"),
    ],
  ],
  [
    "a remote tier",
    "dev",
    { minio: { tier: { ...someTier, endpoint: "https://s3.example.com:8443" } } },
    [...devFlows, ...pairs(["tier"], ["minio"], 9000), ...pairs(["minio"], outside, 8443), ...asksDns("minio", "tier")],
  ],
  [
    "an object store that is there already, with an identity of AWS",
    "prod",
    {
      ...allOn,
      objectStore: { kind: "s3", region: "eu-central-1", buckets: { chunks: "our-logs" }, credentials: "identity" },
    },
    [
      ...prodFlows.filter((flow) => !flow.includes("minio:") && !flow.startsWith("minio")),
      ...pairs(processes, outside, 443, 80),
    ],
  ],
  [
    "a move to a store in the cluster, whose pods have another port than their Service",
    "dev",
    {
      objectStore: {
        ...someStore,
        ca: undefined,
        endpoint: "http://rgw.rook.svc",
        ports: [8080],
        kind: "minio",
        moving: true,
      },
    },
    [...devFlows, ...pairs([...processes, "minio"], outside, 80, 8080), ...asksDns("minio")],
  ],
  [
    "MinIO at an address of its own",
    "dev",
    { minio: { endpoint: "minio.example.com:9000" } },
    [...devFlows, ...pairs(outside, ["minio"], 9000)],
  ],
];

/** Every pair and port that policies let through, of which one end is ours. */
function through(policies: ClusterPolicies): string[] {
  const open: string[] = [];
  for (const [a, from] of Object.entries(ends)) {
    for (const [b, to] of Object.entries(ends)) {
      if (!isOurs(from) && !isOurs(to)) continue;
      for (const port of ports) {
        if (allows(policies, [from, to], port)) open.push(`${a} -> ${b}:${port}`);
        if (allows(policies, [from, to], port, "UDP")) open.push(`${a} -> ${b}:${port}/udp`);
      }
    }
  }
  return open.sort();
}

const sorted = (flows: readonly string[]) => [...new Set(flows)].sort();

describe("network policies", () => {
  for (const [title, profile, overrides, flows] of stacks) {
    it(`let through exactly the flows of ${title}, of every pair and port`, () => {
      const settings = settingsFor(profile, overrides);
      const policies = inCluster(networkPolicies(settings, { stack: "dev" }), settings.namespaces);
      assert.deepEqual(through(policies), sorted(flows));
    });
  }

  it("do so at each end by itself: no end relies on the other's policies", () => {
    const settings = settingsFor("prod", allOn);
    const oneWay = (type: "Ingress" | "Egress") =>
      inCluster(networkPolicies(settings, { stack: "dev" }), settings.namespaces).map(({ spec, ...policy }) => ({
        ...policy,
        spec: { ...spec, policyTypes: [type] },
      }));
    const endsOf = (flow: string) =>
      /^(.*) -> (.*):\S+$/
        .exec(flow)!
        .slice(1)
        .map((name) => ends[name]!) as [End, End];

    const into = through(oneWay("Ingress")).filter((flow) => isOurs(endsOf(flow)[1]));
    assert.deepEqual(into, sorted(prodFlows.filter((flow) => isOurs(endsOf(flow)[1]))));

    const outOf = through(oneWay("Egress")).filter((flow) => isOurs(endsOf(flow)[0]));
    assert.deepEqual(outOf, sorted([...prodFlows, ...pairs(["alloy", "events"], Object.keys(ends), 443, 6443)]));
  });

  it("say why of each flow, and each flow is told once", () => {
    for (const [, profile, overrides] of stacks) {
      const flows = flowsOf(settingsFor(profile, overrides));
      assert.equal(new Set(flows.map(({ from, to }) => `${from} ${to}`)).size, flows.length);
      for (const { why, ports: open } of flows) assert.ok(why !== "" && open.length > 0);
    }
  });

  it("are told in docs/network-policies.md, flow by flow", () => {
    const all = flowsOf(
      settingsFor("prod", {
        ...allOn,
        ingressNamespaces: ["ingress-nginx"],
        monitoring: { namespaces: ["monitoring"], prometheusUrl: "http://prometheus.monitoring.svc:9090" },
        minio: { endpoint: "minio.example.com:9000", tier: someTier },
        objectStore: { ...someStore, kind: "minio", moving: true },
        grafana: { replicas: 2, database: someDatabase },
      }),
    );
    const rows = all.map(({ from, to, ports: open, why }) => `| ${from} | ${to} | ${open.join(", ")} | ${why} |`);
    const told = readFileSync(join(__dirname, "../../../docs/network-policies.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| "));
    assert.deepEqual(told, ["| from | to | ports | why |", "| --- | --- | --- | --- |", ...rows]);
  });

  it("are none where the stack wants none", () => {
    assert.deepEqual(
      Object.values(networkPolicies(settingsFor("prod", { networkPolicies: false }), { stack: "dev" })).flat(),
      [],
    );
  });

  it("select the stack's own pods alone in a namespace that others have too, and let others be", () => {
    const settings = settingsFor("dev", { existingNamespaces: ["minio"] });
    const policies = networkPolicies(settings, { stack: "dev" });
    const inPlace = inCluster(policies, settings.namespaces);
    const own: End = {
      ...minio,
      labels: { ...minio.labels, "logharbor.io/stack": "dev", "logharbor.io/part": "minio" },
    };
    const [stranger, alike] = [ends["stranger in minio"]!, minio];
    for (const other of [stranger, alike]) {
      for (const port of ports)
        assert.ok(
          allows(inPlace, [other, ends.workload!], port) && allows(inPlace, [ends.workload!, other], port),
          "others keep their network",
        );
      assert.ok(!allows(inPlace, [other, own], 9000), "others do not reach MinIO");
    }
    assert.ok(
      allows(inPlace, [ends.single!, own], 9000) && !allows(inPlace, [ends.single!, alike], 9000),
      "Loki reaches its own MinIO alone",
    );
    assert.ok(!allows(inPlace, [ends.workload!, own], 9001) && !allows(inPlace, [own, ends["the internet"]!], 443));
    assert.deepEqual(
      policies.minio.map(({ name }) => name),
      ["logharbor-minio-default-deny", "logharbor-minio"],
    );
    assert.ok(
      policies.loki.some(({ name }) => name === "default-deny"),
      "other parts are as ever",
    );
  });
});

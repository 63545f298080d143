import assert from "node:assert/strict";
import fc from "fast-check";
import { preflight, preflightReport, type ClusterFacts, type NodeFacts, type Wishes } from "../../../cluster/preflight";

const gi = 2 ** 30;
const node = (over: Partial<NodeFacts> = {}): NodeFacts => ({
  name: "a",
  ready: true,
  schedulable: true,
  capacity: { cpu: 4, memory: 8 * gi },
  allocatable: { cpu: 4, memory: 8 * gi },
  requested: { cpu: 1, memory: gi },
  ...over,
});
const healthy: ClusterFacts = {
  version: "v1.34.3",
  nodes: [node(), node({ name: "b" }), node({ name: "c" })],
  storageClasses: [{ name: "standard", isDefault: true }],
  apiServerPorts: [6443],
  missingRights: [],
  podSecurity: true,
};
const wishes: Wishes = {
  profile: "dev",
  spread: { nodes: "required", zones: "preferred" },
  alloy: { source: "files" },
  minio: { servers: 4 },
  networkPolicies: true,
  apiServerPorts: [443, 6443],
  ipFamilies: ["IPv4"],
  replicas: 1,
  erasure: "4 servers",
  requests: { fixed: { cpu: 0.5, memory: gi }, perNode: { cpu: 0.1, memory: gi / 8 } },
};
const problems = (facts: Partial<ClusterFacts>, wanted: Partial<Wishes> = {}) =>
  preflight({ ...healthy, ...facts }, { ...wishes, ...wanted }).map(({ problem }) => problem);

describe("preflight", () => {
  it("finds nothing on a healthy cluster, and says what it checked", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({}, { profile: "prod" }), []);
    assert.equal(
      preflightReport(healthy, { ...wishes, replicas: 3 }, { findings: [] }),
      [
        "Kubernetes v1.34.3, 3 nodes with 9 CPU and 21Gi free, StorageClass, rights and Pod Security: all fine",
        "  requests: 800m CPU and 1408Mi",
        "  spread: each replica on its own node; evenly over zones, if the cluster has any",
        "  MinIO: 4 servers",
      ].join("\n"),
    );
  });

  it("finds pods' addresses of another family", () => {
    const cluster = (...ipFamilies: ("IPv4" | "IPv6")[]) => ({ ipFamilies });
    assert.deepEqual(problems(cluster("IPv6")), ["the pods' addresses are IPv6, and ipFamilies is IPv4"]);
    assert.deepEqual(problems(cluster("IPv6", "IPv4")), [
      "the pods' addresses are IPv6 and IPv4, and ipFamilies is IPv4",
    ]);
    assert.deepEqual(problems(cluster("IPv4"), { ipFamilies: ["IPv4", "IPv6"] }), [
      "the pods' addresses are IPv4, and ipFamilies is IPv4, IPv6",
    ]);
    assert.deepEqual(problems(cluster("IPv4", "IPv6")), [], "one of two is enough, if it is the first");
    assert.deepEqual(problems({ ipFamilies: undefined }), []);
    assert.equal(
      preflight({ ...healthy, ipFamilies: ["IPv6"] }, wishes)[0]?.remedy,
      "`pulumi config set --path logharbor:ipFamilies[0] IPv6`",
    );
  });

  it("finds a port of the API server that the network policies would close", () => {
    assert.deepEqual(problems({ apiServerPorts: [16443] }), [
      "the API server listens on port 16443, which the network policies close to Alloy",
    ]);
    assert.equal(
      preflight({ ...healthy, apiServerPorts: [16443, 16443] }, wishes)[0]?.remedy,
      "set apiServerPorts to [443, 6443, 16443]",
    );
    assert.deepEqual(problems({ apiServerPorts: [16443] }, { networkPolicies: false }), []);
    assert.deepEqual(problems({ apiServerPorts: undefined }), []);
  });

  it("tells what the API server's source loses, and finds no fault in it", () => {
    const api: Wishes = { ...wishes, alloy: { source: "kubernetes-api" } };
    assert.deepEqual(preflight(healthy, api), []);
    assert.match(
      preflightReport(healthy, api, { findings: [] }),
      /\n {2}note: alloy\.source is kubernetes-api, which loses lines when .* docs\/durability\.md.*logharbor:alloy\.source files`$/,
    );
    assert.doesNotMatch(preflightReport(healthy, wishes, { findings: [] }), /note:/);
  });

  it("says which rule of spread holds, and refuses what could never be ready", () => {
    const nodes = [node(), node({ name: "b", zone: "z" })];
    const spread = (rule: "required" | "preferred", zones: "required" | "preferred" = "preferred") => ({
      profile: "prod" as const,
      replicas: 3,
      spread: { nodes: rule, zones },
    });
    assert.deepEqual(
      problems({ nodes }, spread("required")).at(-1),
      "3 replicas need a node each (spread.nodes is required), and 2 nodes take pods",
    );
    assert.deepEqual(problems({ nodes }, spread("preferred")), []);
    const [alone] = preflight(healthy, { ...wishes, replicas: 4 });
    assert.match(String(alone?.remedy), /a MinIO server on each: `pulumi config set --path logharbor:minio.servers 3`/);
    assert.deepEqual(problems({ nodes }, spread("preferred", "required")), [
      "replicas must be spread evenly over zones (spread.zones is required), and a has no zone",
    ]);
    assert.match(
      preflightReport({ ...healthy, nodes }, { ...wishes, ...spread("preferred") }, { findings: [] }),
      /up to 3 replicas share 2 nodes, as spread\.nodes is preferred: the loss of a node may stop the stack/,
    );
  });

  it("names an old Kubernetes", () => {
    assert.deepEqual(problems({ version: "v1.24.17-eks-1" }), [
      "Kubernetes is v1.24.17-eks-1; the charts need 1.25 or newer",
    ]);
    assert.deepEqual(problems({ version: "v1.25.0" }), []);
    assert.deepEqual(problems({ version: "v2.0.0" }), []);
  });

  it("counts only nodes that take pods", () => {
    assert.deepEqual(problems({ nodes: [node({ ready: false }), node({ name: "b", schedulable: false })] }), [
      "no node takes pods: a (not ready), b (closed to ordinary pods)",
    ]);
    assert.deepEqual(problems({ nodes: [] }), ["no node takes pods"]);
  });

  it("wants three large nodes for prod only", () => {
    const nodes = [node(), node({ name: "b", capacity: { cpu: 2, memory: 8 * gi } })];
    assert.deepEqual(problems({ nodes }, { replicas: 1 }), []);
    assert.deepEqual(problems({ nodes }, { profile: "prod", replicas: 1 }), [
      "prod needs at least 3 nodes with 4 cores and 8 GB each; 1 of 2 is that large (a has 4 CPU and 8Gi; b has 2 CPU and 8Gi)",
    ]);
  });

  it("takes a machine sold as 8 GB, whose kernel keeps some", () => {
    const nodes = ["a", "b", "c"].map((name) => node({ name, capacity: { cpu: 4, memory: 7.6e9 } }));
    assert.deepEqual(problems({ nodes }, { profile: "prod" }), []);
  });

  it("adds up what the stack requests, on each node too, against what is free", () => {
    const nodes = [node({ requested: { cpu: 3.5, memory: 7.5 * gi } })];
    assert.deepEqual(problems({ nodes }, { replicas: 1 }), [
      "the stack requests 600m CPU, and 500m is free; 1152Mi memory, and 512Mi is free on 1 node",
    ]);
  });

  it("wants the StorageClass that is named, or a default", () => {
    assert.deepEqual(problems({ storageClasses: [] }), [
      "the cluster has no default StorageClass; it has no StorageClass at all",
    ]);
    assert.deepEqual(problems({ storageClasses: [{ name: "slow", isDefault: false }] }), [
      "the cluster has no default StorageClass; it has slow",
    ]);
    assert.deepEqual(problems({ storageClasses: [{ name: "slow", isDefault: false }] }, { storageClass: "slow" }), []);
    assert.deepEqual(problems({}, { storageClass: "fast" }), [
      'the cluster lacks StorageClass "fast", which logharbor:storageClass names; it has standard',
    ]);
  });

  it("lists missing rights, and does not guess at what they hide", () => {
    const facts = {
      nodes: undefined,
      storageClasses: undefined,
      podSecurity: undefined,
      missingRights: ["list nodes", "create clusterroles"],
    };
    assert.deepEqual(problems(facts), ["you may not list nodes, create clusterroles"]);
  });

  it("wants Pod Security", () => {
    assert.deepEqual(problems({ podSecurity: false }), ["the API server does not enforce Pod Security labels"]);
  });

  it("says everything in one list, each with its remedy", () => {
    const facts = { ...healthy, version: "v1.20.0", storageClasses: [] };
    const text = preflightReport(facts, wishes, { findings: preflight(facts, wishes) });
    const lines = [
      /^2 things keep the cluster from taking the stack:$/,
      /^ {2}- Kubernetes is v1\.20\.0/,
      /^ {4}-> upgrade the cluster/,
      /^ {2}- the cluster has no default StorageClass/,
      /^ {4}-> install a storage provisioner/,
    ];
    lines.forEach((line, index) => assert.match(text.split("\n")[index] ?? "", line));
  });

  it("finds room exactly when the sum of what is free covers the requests", () => {
    const amount = fc.record({
      cpu: fc.integer({ min: 0, max: 64 }),
      memory: fc.integer({ min: 0, max: 64 }).map((gib) => gib * gi),
    });
    fc.assert(
      fc.property(
        fc.array(fc.record({ allocatable: amount, requested: amount }), { minLength: 1, maxLength: 5 }),
        amount,
        amount,
        (nodes, fixed, perNode) => {
          const found = problems(
            { nodes: nodes.map((over, index) => node({ name: `n${index}`, ...over })) },
            { requests: { fixed, perNode } },
          );
          const free = (key: "cpu" | "memory") =>
            nodes.reduce((sum, { allocatable, requested }) => sum + allocatable[key] - requested[key], 0);
          const fits = (["cpu", "memory"] as const).every(
            (key) => free(key) >= fixed[key] + nodes.length * perNode[key],
          );
          assert.equal(found.length === 0, fits);
        },
      ),
    );
  });
});

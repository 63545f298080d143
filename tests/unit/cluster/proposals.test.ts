import assert from "node:assert/strict";
import type { ClusterFacts, NodeFacts } from "../../../cluster/preflight";
import { adviceFor } from "../../../cluster/proposals";
import { settingsFor } from "../../support/stack";
import { networkPluginOf, type ClusterTraits } from "../../../cluster/traits";

const gi = 2 ** 30;
const node = (name: string, over: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  ready: true,
  schedulable: true,
  capacity: { cpu: 4, memory: 8 * gi },
  allocatable: { cpu: 4, memory: 7 * gi },
  requested: { cpu: 0, memory: 0 },
  ...over,
});
const nodes = (count: number) => Array.from({ length: count }, (_, index) => node(`n${index}`));
const facts: ClusterFacts = {
  version: "v1.34.3",
  nodes: nodes(5),
  storageClasses: [{ name: "standard", isDefault: true }],
  apiServerPorts: [6443],
  missingRights: [],
  podSecurity: true,
};
const kubeDns = { name: "kube-dns", namespace: "kube-system", addresses: ["10.96.0.10"], podPorts: [53] };
const traits: ClusterTraits = {
  otherNodes: [],
  apiGroups: [],
  issuers: [],
  prometheuses: [],
  dns: { domain: "cluster.local", servers: ["10.96.0.10"], services: [kubeDns] },
  networkPlugin: { name: "Cilium", enforces: true },
};
const given = settingsFor("prod");
const proposed = (over: Partial<ClusterFacts>, its: Partial<ClusterTraits> = {}, profile?: string) =>
  Object.fromEntries(
    adviceFor({ ...facts, ...over }, { ...traits, ...its }, { ...given, profile }).proposals.map(({ path, value }) => [
      path.join(".").replace("logharbor:", ""),
      value,
    ]),
  );
const hints = (its: Partial<ClusterTraits>) => adviceFor(facts, { ...traits, ...its }, given).hints;

describe("what a cluster suggests for its stack", () => {
  it("is prod on large nodes, and dev on others", () => {
    assert.deepEqual(proposed({}), { profile: "prod" });
    assert.deepEqual(proposed({ nodes: nodes(2) }), { profile: "dev" });
    const small = { capacity: { cpu: 2, memory: 4 * gi } };
    assert.deepEqual(proposed({ nodes: [...nodes(2), node("small", small)] }), { profile: "dev" });
    const tainted = node("control-plane", { schedulable: false });
    assert.deepEqual(proposed({ nodes: [...nodes(2), tainted] }), { profile: "dev" });
    assert.deepEqual(proposed({ nodes: undefined }), { profile: "dev" });
  });

  it("is three MinIO servers on three nodes, which survive the loss of one, unless the file says dev", () => {
    const three = { nodes: nodes(3) };
    const { proposals } = adviceFor({ ...facts, ...three }, traits, { ...given, profile: undefined });
    assert.deepEqual(proposed(three), { profile: "prod", "minio.servers": 3, "minio.drivesPerServer": 2 });
    assert.match(proposals[1]?.why ?? "", /reads survive 1 server down, writes 1$/);
    assert.deepEqual(proposed(three, {}, "dev"), { profile: "prod" });
    const elsewhere = adviceFor({ ...facts, ...three }, traits, { ...given, profile: undefined, withoutMinio: true });
    assert.ok(!JSON.stringify(elsewhere.proposals).includes("minio"), "a stack without MinIO");
  });

  it("names a StorageClass only where none is the default", () => {
    const classes = ["fast", "slow"].map((name) => ({ name, isDefault: false }));
    assert.deepEqual(proposed({ storageClasses: classes }), { profile: "prod", storageClass: "fast" });
    assert.deepEqual(proposed({ storageClasses: [] }), { profile: "prod" });
    assert.deepEqual(proposed({ storageClasses: undefined }), { profile: "prod" });
  });

  it("opens further ports of the API server", () => {
    assert.deepEqual(proposed({ apiServerPorts: [16443] }), { profile: "prod", apiServerPorts: [443, 6443, 16443] });
  });

  it("names the families of the pods' addresses, and the DNS that differs, each once", () => {
    assert.deepEqual(proposed({ ipFamilies: ["IPv6", "IPv4"] }), { profile: "prod", ipFamilies: ["IPv6", "IPv4"] });
    const coredns = { ...kubeDns, name: "coredns", namespace: "dns", podPorts: [1053] };
    const dns = { domain: "corp.local", servers: ["10.96.0.10"], services: [coredns], caches: ["10.9.8.7"] };
    assert.deepEqual(proposed({}, { dns }), {
      profile: "prod",
      "dns.domain": "corp.local",
      "dns.service": "coredns",
      "dns.namespace": "dns",
      "dns.ports": [53, 5353, 1053],
      "dns.cidrs": ["169.254.0.0/16", "10.9.8.7/32"],
    });
  });

  it("reads through the API where nodes run Docker", () => {
    const docker = node("old", { runtime: "docker://24.0.7" });
    assert.deepEqual(proposed({ nodes: [...nodes(5), docker] }), {
      profile: "prod",
      "alloy.source": "kubernetes-api",
    });
  });

  it("hints at what people must decide, with the command", () => {
    assert.deepEqual(hints({}), []);
    assert.match(hints({ apiGroups: ["cert-manager.io"], issuers: ["internal"] })[0]!, /logharbor:tls.issuer internal/);
    assert.match(hints({ apiGroups: ["cert-manager.io"] })[0]!, /no ClusterIssuer with a CA/);
    const prometheuses = [{ namespace: "monitoring", labels: { release: "kps" } }];
    assert.match(hints({ prometheuses })[0]!, /namespaces\[0\] monitoring.*monitoring.labels\[0\] release=kps/);
    assert.match(hints({ networkPlugin: { name: "Flannel", enforces: false } })[0]!, /Flannel does not enforce/);
    assert.match(hints({ networkPlugin: undefined })[0]!, /no network plug-in was found/);
    assert.match(hints({ otherNodes: [{ name: "win", why: "Windows" }] })[0]!, /not collected: win \(Windows\)/);
  });

  it("knows network plug-ins by their DaemonSets", () => {
    assert.deepEqual(networkPluginOf(["kube-proxy", "calico-node"]), { name: "Calico", enforces: true });
    assert.deepEqual(networkPluginOf(["kube-flannel-ds"]), { name: "Flannel", enforces: false });
    assert.equal(networkPluginOf(["kube-proxy", "aws-node"]), undefined);
  });
});

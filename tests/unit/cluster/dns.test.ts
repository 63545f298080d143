import assert from "node:assert/strict";

import { cacheAddresses, dnsFindings, type DnsFacts, type DnsWishes } from "../../../cluster/dns";
import { factsIn } from "../../../cluster/kubelet";
import { settingsFor } from "../../support/stack";

const kubeDns = { name: "kube-dns", namespace: "kube-system", addresses: ["10.96.0.10"], podPorts: [53] };
const common: DnsFacts = { services: [kubeDns], domain: "cluster.local", servers: ["10.96.0.10"], caches: [] };

const told = (facts: Partial<DnsFacts>, dns: Record<string, unknown> = {}, wishes: Partial<DnsWishes> = {}) =>
  dnsFindings({ ...common, ...facts }, { ...settingsFor("prod", { dns }), gateway: true, ...wishes }).map(
    ({ problem, remedy }) => `${problem} -> ${[remedy].flat().join(" | ")}`,
  );
const set = (name: string, value: string) => `\`pulumi config set --path logharbor:dns.${name} ${value}\``;

describe("the cluster's DNS", () => {
  it("has nothing against the common one", () => {
    assert.deepEqual(told({}), []);
    assert.deepEqual(told({ caches: ["169.254.20.10"] }), [], "NodeLocal DNSCache at its usual address");
    assert.deepEqual(told({ servers: ["169.254.169.254"] }), [], "Cloud DNS of GKE");
    assert.deepEqual(
      told({ servers: ["172.30.0.10"], services: [kubeDns, openShift] }),
      [],
      "OpenShift's, whose pods listen on 5353",
    );
    assert.deepEqual(dnsFindings({}, { ...settingsFor("prod"), gateway: true }), [], "what may not be seen");
  });
  const openShift = { name: "dns-default", namespace: "openshift-dns", addresses: ["172.30.0.10"], podPorts: [5353] };

  it("has another domain", () => {
    assert.deepEqual(told({ domain: "corp.local" }), [
      `the cluster's domain is corp.local, and dns.domain is cluster.local -> ${set("domain", "corp.local")}`,
    ]);
    assert.deepEqual(told({ domain: "corp.local" }, { domain: "corp.local" }), []);
  });

  it("has another Service: the one that the kubelets name, else one with pods", () => {
    const idle = { name: "old-dns", namespace: "kube-system", addresses: ["10.96.0.9"], podPorts: [] };
    const coredns = { name: "coredns", namespace: "dns", addresses: ["10.96.0.10"], podPorts: [53] };
    const missing =
      "the cluster has no Service kube-dns in kube-system, which Loki's gateway asks for names (dns.service, " +
      `dns.namespace); coredns in dns serves DNS -> ${set("service", "coredns")}; ${set("namespace", "dns")}`;
    for (const servers of [["10.96.0.10"], undefined])
      assert.deepEqual(told({ services: [idle, coredns], servers }, {}, { networkPolicies: false }), [missing]);
    assert.deepEqual(
      told({ services: [coredns] }).map((line) => line.split(" -> ")[0]),
      [missing.split(" -> ")[0], "pods ask the DNS Service coredns in dns, whose pods the network policies close"],
    );
    assert.deepEqual(told({ services: [coredns] }, { service: "coredns", namespace: "dns" }), []);
    assert.deepEqual(told({ services: [coredns] }, { address: "10.96.0.10", namespace: "dns" }), []);
    assert.deepEqual(told({ services: [idle, coredns] }, {}, { gateway: false, networkPolicies: false }), []);
  });

  it("has servers that the network policies close", () => {
    assert.deepEqual(told({ services: [{ ...kubeDns, podPorts: [1053] }] }), [
      `the DNS pods listen on port 1053, which the network policies close -> ${set("ports[2]", "1053")}`,
    ]);
    const cache = (address: string) =>
      `pods ask the DNS server ${address}, which is no pod, and which the network policies close`;
    assert.deepEqual(told({ caches: ["169.254.20.10", "10.96.0.10"] }), [
      `${cache("10.96.0.10")} -> ${set("cidrs[1]", "10.96.0.10/32")}`,
    ]);
    assert.deepEqual(
      told({ services: [{ ...kubeDns, podPorts: [] }], servers: ["10.96.0.10"] }),
      [`${cache("10.96.0.10")} -> ${set("cidrs[1]", "10.96.0.10/32")}`],
      "a Service without pods, as the nodes of EKS Auto Mode serve it",
    );
    assert.deepEqual(told({ caches: ["fd00::10"] }), [`${cache("fd00::10")} -> ${set("cidrs[1]", "fd00::10/128")}`]);
    assert.deepEqual(told({ caches: ["10.96.0.10", "fd00::10"] }, { cidrs: ["10.96.0.10/32", "fd00::/8"] }), []);
    assert.deepEqual(told({ caches: ["10.96.0.10"] }, {}, { networkPolicies: false }), []);
  });

  it("is read from the kubelets and from NodeLocal DNSCache", () => {
    const configz = { kubeletconfig: { clusterDomain: "corp.local", clusterDNS: ["10.96.0.10"], podLogsDir: "/data" } };
    const facts = { node: "a", clusterDomain: "corp.local", clusterDns: ["10.96.0.10"], podLogsDir: "/data" };
    assert.deepEqual(factsIn("a", configz), facts);
    assert.deepEqual(factsIn("a", JSON.stringify(configz)), facts);
    const cache = (...args: string[]) =>
      cacheAddresses({ spec: { selector: {}, template: { spec: { containers: [{ name: "node-cache", args }] } } } });
    assert.deepEqual(cache("-localip", "169.254.20.10,10.96.0.10", "-conf", "/etc/Corefile"), [
      "169.254.20.10",
      "10.96.0.10",
    ]);
    assert.deepEqual(cache("--localip=fd00::10"), ["fd00::10"]);
    assert.deepEqual(cache("-conf", "/etc/Corefile"), []);
  });
});

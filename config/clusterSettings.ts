import { z } from "zod";

import { choice, cidr, dnsDomain, dnsLabel, ipAddress, list, whole } from "./kinds";

/*
 * What a stack has to know about the cluster's own network. `npm run preflight` compares it with the cluster.
 */

/** The cluster's DNS. */
export const dns = z.strictObject({
  service: dnsLabel({ both: "kube-dns", about: "Service of the cluster's DNS. Loki's gateway (nginx) asks it." }),
  namespace: dnsLabel({ both: "kube-system", about: "Namespace of that Service." }),
  address: ipAddress({
    about: "Address that the gateway asks instead, if the cluster's DNS is not a Service; unset: the Service.",
    example: "169.254.169.254",
  }).optional(),
  domain: dnsDomain({
    both: "cluster.local",
    about: "Domain of the cluster's Services (clusterDomain of its kubelets).",
  }),
  ports: list(whole({ min: 1, max: 65535, about: "A port.", example: 53 }), "ports", {
    // 5353 is that of OpenShift's DNS pods.
    both: [53, 5353],
    about:
      "Ports of the DNS pods, which may differ from that of their Service. The network policies let the platform reach " +
      "these ports in kube-system, openshift-dns and dns.namespace, and at dns.cidrs.",
  }).min(1, { error: "must hold at least one port" }),
  cidrs: list(cidr({ about: "A range of addresses.", example: "169.254.20.10/32" }), "ranges of addresses", {
    // Link-local: NodeLocal DNSCache, LocalDNS of AKS, Cloud DNS of GKE. Nothing else can listen there on port 53.
    both: ["169.254.0.0/16"],
    about: "Addresses of DNS servers that are not pods, such as a cache on each node.",
    example: ["10.96.0.10/32"],
  }),
});

/** Families of pods' addresses, in Kubernetes' words. The first is the one that every pod has. */
export const ipFamilies = list(choice(["IPv4", "IPv6"], { about: "A family." }), "IPv4, IPv6 or both", {
  both: ["IPv4"],
  about:
    "Families of the pods' addresses, the cluster's first one first. The platform listens on all of them, and its pods " +
    "find each other by the first.",
  example: ["IPv6"],
})
  .min(1, { error: "must hold IPv4, IPv6 or both" })
  .refine((families) => new Set(families).size === families.length, { error: "must hold each family once" });

import { label, mistyped, notGroup, unknown, whole, wrong, yesOrNo, type BadConfig } from "./rows";

const domain = "must be a DNS domain in lower case, without a dot at its end";
const address = "must be an IP address";
const range = "must be a range of addresses, written address/bits";

/** Settings about the cluster's own network. */
export const cluster: BadConfig[] = [
  ...notGroup("dns", "coredns", ["kube-dns"]),
  ...wrong("dns.service", label, "kube-dns", "kube-dns.kube-system", "CoreDNS"),
  ...wrong("dns.namespace", label, "kube-system", "", "kube_system"),
  ...wrong("dns.domain", domain, "cluster.local", "cluster.local.", ".local", "Corp.Local", "a..b", ""),
  ...wrong("dns.address", address, "169.254.169.254", "kube-dns", "10.96.0", "10.96.0.10:53", 10.96),
  ...wrong("dns.ports", "must be a list of ports", "[53,5353]", 53, "53"),
  ...wrong("dns.ports", "must hold at least one port", "[53,5353]", []),
  ...wrong("dns.ports[0]", whole(1, 65535), "53", 0, "dns"),
  ...wrong("dns.cidrs", "must be a list of ranges of addresses", '["10.96.0.10/32"]', "10.96.0.10/32"),
  ...wrong("dns.cidrs[0]", range, "169.254.20.10/32", "169.254.20.10", "169.254.20.10/33", "fd00::/129", "dns/32"),
  mistyped("dns.port", 53, "dns.ports"),
  ...unknown("dns.clusterDomain", "corp.local"),
  ...wrong("fixedUserIds", yesOrNo, "true", "no", 1000),
  mistyped("fixedUserId", false, "fixedUserIds"),
  ...wrong("ipFamilies", "must be a list of IPv4, IPv6 or both", '["IPv6"]', "IPv6", true),
  ...wrong("ipFamilies", "must hold IPv4, IPv6 or both", '["IPv6"]', []),
  ...wrong("ipFamilies", "must hold each family once", '["IPv6"]', ["IPv4", "IPv4"]),
  ...wrong("ipFamilies[0]", "must be one of IPv4, IPv6", "IPv4", "ipv6", 6, "DualStack"),
  ...unknown("ipFamily", ["IPv6"]),
];

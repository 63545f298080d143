import { BlockList, isIP } from "node:net";

/** Environment variables. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an http(s) address, as kubectl and Pulumi's providers choose it (Go's net/http): HTTPS_PROXY or
 * HTTP_PROXY, unless NO_PROXY names the host. Never for this machine itself. Undefined: none. Pure.
 *
 * Our own rules, because no library for Node knows ranges of addresses in NO_PROXY, which corporate networks use.
 */
export function proxyFor(address: string, environment: Environment): string | undefined {
  const { hostname, port, protocol } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const variable = (name: string) => [environment[name], environment[name.toLowerCase()]].find(Boolean);
  const proxy = variable(protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (proxy === undefined || isOwn(host)) return undefined;
  const place = { host, port: port === "" ? (protocol === "https:" ? "443" : "80") : port };
  const spared = (variable("NO_PROXY") ?? "").split(",").some((entry) => names(entry.trim().toLowerCase(), place));
  if (spared) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** The address of a proxy without its login, for people. */
export function withoutLogin(proxy: string): string {
  return proxy.replace(/\/\/[^@/]*@/, "//");
}

function isOwn(host: string): boolean {
  const own = new BlockList();
  own.addSubnet("127.0.0.0", 8);
  own.addAddress("::1", "ipv6");
  return host === "localhost" || (isIP(host) > 0 && own.check(host, familyOf(host)));
}

/** Whether an entry of NO_PROXY names a host: `*`, a range, or an address or domain with a port or without. */
function names(entry: string, { host, port }: { host: string; port: string }): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  if (entry.includes("/")) return inRange(entry, host);
  const [, name = "", only] =
    /^(?:\[(?=.*\]))?(.+?)(?:\](?=:|$))?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  if (isIP(name) > 0) return name === host;
  const domain = name.replace(/^\*?\./, "");
  return host.endsWith(`.${domain}`) || (domain === name && host === domain);
}

function inRange(cidr: string, host: string): boolean {
  const [network = "", bits] = cidr.split("/");
  if (isIP(network) === 0 || isIP(network) !== isIP(host)) return false;
  const range = new BlockList();
  range.addSubnet(network, Number(bits), familyOf(network));
  return range.check(host, familyOf(host));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

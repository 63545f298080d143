/** Port of an http(s) address: the one that it names, else that of its scheme. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** An IP address as the host of a URL or of `host:port`: IPv6 in brackets. */
export function inUrl(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** Path of an http(s) address without a slash at its end; empty if it has none. */
export function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}

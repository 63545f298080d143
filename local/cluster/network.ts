import { run } from "./run";

/** The two ends of the cable between the machine and the node: a network of four addresses. */
export interface Cable {
  /** Address of the machine's end, without prefix. */
  readonly machine: string;
  /** Address of the node's end, where its API server answers. */
  readonly node: string;
}

/** The fields of `ip -json route` and `ip -json address` that we use. */
interface Route {
  dst: string;
  dev?: string;
}

/** One from each private range, because a company's network seldom uses all three. */
const candidates: readonly Cable[] = ["10.213", "172.29", "192.168"].flatMap((prefix) =>
  Array.from({ length: 256 }, (_, index) => ({ machine: `${prefix}.${index}.1`, node: `${prefix}.${index}.2` })),
);

/**
 * The first network that no route of the machine overlaps. Keeps `current` as long as that is true for it.
 * @param destinations destinations of the machine's routes: `default`, an address, or a network such as 10.0.0.0/8
 * @throws Error if the machine's routes overlap all of them.
 */
export function chooseCable(destinations: readonly string[], current?: string): Cable {
  const routed = destinations.filter((destination) => destination !== "default").map(parseNetwork);
  const isFree = (cable: Cable) => !routed.some((network) => overlaps(network, parseNetwork(`${cable.machine}/30`)));
  const ordered = [...candidates.filter((cable) => cable.node === current), ...candidates];
  const free = ordered.find(isFree);
  if (!free) {
    throw new Error(
      "No small network is free for the local cluster: 10.213.0.0/16, 172.29.0.0/16 and 192.168.0.0/16 are " +
        "all routed (see `ip route`). Free one of them, for example by leaving a VPN.",
    );
  }
  return free;
}

interface Network {
  address: number;
  length: number;
}

function parseNetwork(text: string): Network {
  const [address = "", length = "32"] = text.split("/");
  return {
    address: address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0),
    length: Number(length),
  };
}

function overlaps(a: Network, b: Network): boolean {
  const size = 2 ** (32 - Math.min(a.length, b.length));
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

/** Destinations of the machine's routes, in all tables, except those of the interface `except`. */
export async function routeDestinations(except: string): Promise<string[]> {
  const routes = JSON.parse(await run("ip", ["-4", "-json", "route", "show", "table", "all"])) as Route[];
  return routes.filter((route) => route.dev !== except).map((route) => route.dst);
}

/** Connects the machine to the network namespace of process `pid`, where the other end is called eth0. */
export async function plugIn(name: string, pid: number, cable: Cable): Promise<void> {
  await run("ip", ["link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  await run("ip", ["address", "add", `${cable.machine}/30`, "dev", name]);
  await run("ip", ["link", "set", name, "up"]);
}

export async function hasLink(name: string): Promise<boolean> {
  const links = JSON.parse(await run("ip", ["-json", "link"])) as { ifname: string }[];
  return links.some((link) => link.ifname === name);
}

/** Removes the cable. The kernel also removes it a little after the node's network namespace ends. */
export async function unplug(name: string): Promise<void> {
  if (await hasLink(name)) await run("ip", ["link", "delete", name]).catch(() => undefined);
}

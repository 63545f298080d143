/** The drives of a MinIO cluster. */
export interface Drives {
  /** Number of MinIO servers. */
  servers: number;
  /** Number of drives in each server. */
  drivesPerServer: number;
  /** Drives that each erasure set may lose (EC:n). Default: MinIO's own default, which depends on the size of a set. */
  parity?: number;
}

/**
 * How MinIO groups its drives, and which losses that survives. The rules come from MinIO's source:
 * cmd/endpoint-ellipses.go and internal/config/storageclass.
 */
export interface ErasureLayout {
  /** Number of erasure sets. Each object is stored in one of them. */
  sets: number;
  /** Number of drives in one set. */
  setSize: number;
  /** Drives that a set may lose without losing data. */
  parity: number;
  /** Drives of a set that must answer for a read. */
  readQuorum: number;
  /** Drives of a set that must answer for a write. */
  writeQuorum: number;
  /** Servers that may be down while every object can still be read. */
  serversLostForReads: number;
  /** Servers that may be down while objects can still be written. */
  serversLostForWrites: number;
  /** Share of the raw space that holds data, from 0 to 1; parity takes the rest. */
  usable: number;
}

const smallestSet = 2;
const largestSet = 16;

/** The layout of a distributed MinIO. Undefined if MinIO would refuse to form sets from these drives. */
export function erasureLayout({ servers, drivesPerServer, parity: given }: Drives): ErasureLayout | undefined {
  const drives = servers * drivesPerServer;
  const setSize = setSizeOf(drives, servers);
  if (setSize === undefined) return undefined;
  const parity = given ?? defaultParity(setSize);
  const data = setSize - parity;
  // With equal numbers of parity and data drives, each half of a split set could accept writes on its own.
  const writeQuorum = data === parity ? data + 1 : data;
  const ofOneServer = Math.ceil(setSize / servers);
  return {
    sets: drives / setSize,
    setSize,
    parity,
    readQuorum: data,
    writeQuorum,
    serversLostForReads: Math.floor(parity / ofOneServer),
    serversLostForWrites: Math.floor((setSize - writeQuorum) / ofOneServer),
    usable: data / setSize,
  };
}

/** The layout in words, for people. It also describes a single server. */
export function erasureText(drives: Drives): string {
  const { servers, drivesPerServer } = drives;
  const layout = servers > 1 ? erasureLayout(drives) : undefined;
  if (layout === undefined) return "1 server, 1 drive: no redundancy; a lost drive is lost logs";
  const { sets, setSize, parity, serversLostForReads, serversLostForWrites, usable } = layout;
  return (
    `${servers} servers x ${drivesPerServer} drives: ${sets} erasure set${sets === 1 ? "" : "s"} of ` +
    `${setSize}, EC:${parity}, ${Math.round(usable * 100)}% of the space usable; ` +
    `reads survive ${serversLostForReads} server${serversLostForReads === 1 ? "" : "s"} down, writes ${serversLostForWrites}`
  );
}

/** The largest set size that divides the drives evenly and takes equally many from each server. */
function setSizeOf(drives: number, servers: number): number | undefined {
  const sizes: number[] = [];
  for (let size = smallestSet; size <= largestSet; size++) {
    const symmetric = servers > size ? servers % size === 0 : size % servers === 0;
    if (drives % size === 0 && symmetric) sizes.push(size);
  }
  return sizes.at(-1);
}

/** MinIO's default parity for a set of this size. */
function defaultParity(setSize: number): number {
  if (setSize < 4) return 1;
  if (setSize < 6) return 2;
  if (setSize < 8) return 3;
  return 4;
}

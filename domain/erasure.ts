/** The drives of a MinIO. */
export interface Drives {
  servers: number;
  drivesPerServer: number;
  /** Drives of each erasure set that may be lost (EC:n). Default: MinIO's, by the size of a set. */
  parity?: number;
}

/**
 * How MinIO lays its drives out, and what that survives. Figures are MinIO's own: cmd/endpoint-ellipses.go,
 * internal/config/storageclass.
 */
export interface ErasureLayout {
  /** Erasure sets; each object lies in one of them. */
  sets: number;
  /** Drives of one set. */
  setSize: number;
  /** Drives of a set that may be lost before data is. */
  parity: number;
  /** Drives of a set that must answer for a read, and for a write. */
  readQuorum: number;
  writeQuorum: number;
  /** Servers that may be away while every object is still read, and written. */
  serversLostForReads: number;
  serversLostForWrites: number;
  /** Share of the raw space that holds data. */
  usable: number;
}

const smallestSet = 2;
const largestSet = 16;

/** The layout of a distributed MinIO; undefined where MinIO would refuse to form sets from these drives. */
export function erasureLayout({ servers, drivesPerServer, parity: given }: Drives): ErasureLayout | undefined {
  const drives = servers * drivesPerServer;
  const setSize = setSizeOf(drives, servers);
  if (setSize === undefined) return undefined;
  const parity = given ?? defaultParity(setSize);
  const data = setSize - parity;
  // With as many parity as data drives, two halves could each think to be the whole.
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

/** The layout in words, as it is printed; that of one server too. */
export function erasureText(drives: Drives): string {
  const { servers, drivesPerServer } = drives;
  const layout = servers > 1 ? erasureLayout(drives) : undefined;
  if (layout === undefined) return "1 server, 1 drive: no redundancy; a lost drive is lost logs";
  const { sets, setSize, parity, serversLostForReads, serversLostForWrites, usable } = layout;
  return (
    `${servers} servers x ${drivesPerServer} drives: ${sets} erasure set${sets === 1 ? "" : "s"} of ` +
    `${setSize}, EC:${parity}, ${Math.round(usable * 100)}% of the space usable; ` +
    `reads survive ${serversLostForReads} servers down, writes ${serversLostForWrites}`
  );
}

/** The largest set that divides the drives and takes the same number from each server. */
function setSizeOf(drives: number, servers: number): number | undefined {
  const sizes: number[] = [];
  for (let size = smallestSet; size <= largestSet; size++) {
    const symmetric = servers > size ? servers % size === 0 : size % servers === 0;
    if (drives % size === 0 && symmetric) sizes.push(size);
  }
  return sizes.at(-1);
}

/** MinIO's default by the size of a set. */
function defaultParity(setSize: number): number {
  if (setSize < 4) return 1;
  if (setSize < 6) return 2;
  if (setSize < 8) return 3;
  return 4;
}

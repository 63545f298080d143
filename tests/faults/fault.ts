import type { TopologyName } from "../../domain/topologies";
import type { Platform } from "../support/platform";
import type { Processes } from "./processes";
import type { Replicas } from "./replicas";

/** What decides how far a fault goes, and what it hits. */
export interface Form {
  /** The same fault, fewer times or for a shorter time. */
  short: boolean;
  topology: TopologyName;
}

/** What a fault is done with. */
export interface Bench extends Form {
  platform: Platform;
  replicas: Replicas;
  processes: Processes;
  /** Root file system of the node, as this machine sees it. */
  root: string;
  /** The fault is over, what was broken may recover: said where `run` goes on beyond that. */
  over: () => void;
  /** A fact of this run for the table. */
  note: (text: string) => void;
  /** What happens now, for whoever watches. */
  say: (text: string) => void;
}

/** How lines come to Loki meanwhile. */
export type LoadKind = "push" | "pods";

/** One way to break the platform. */
export interface Fault {
  /** By which it is chosen; a word. */
  name: string;
  /** What is broken, and for how long. */
  what: (form: Form) => string;
  /** How it is broken on one machine. */
  how: string;
  /** `push`: a client of the push API, which tells what was acknowledged; `pods`: pods whose lines Alloy collects. */
  load: LoadKind;
  /** What clients of the push API must see. Default: nothing is asked. */
  pushes?: "none refused" | "some refused";
  /** Queries must be answered all the time. Default: false. */
  reads?: boolean;
  /**
   * Bytes of lines that may be lost before Loki has acknowledged them: read by Alloy and not delivered when it is
   * killed, or rotated away while it waits. Such a loss is told, and counted apart from what was acknowledged. Default:
   * 0.
   */
  undelivered?: number;
  /** Topologies that have what it breaks. Default: all that have replicas. */
  topologies?: readonly TopologyName[];
  /** Whether the short form has it, or why it has not: what it costs, and which other fault guards the same there. */
  size: "short" | { fullOnly: string };
  /** Breaks it, and returns when what was broken may recover. */
  run: (bench: Bench) => Promise<void>;
}

import type { TopologyName } from "../../domain/topologies";
import type { Overrides, Platform } from "../support/platform";
import type { PodProcesses } from "../support/podProcesses";
import type { AlertWatch } from "./alertWatch";
import type { Replicas } from "./replicas";

/** How severe a fault is, and on which topology it runs. */
export interface Form {
  /** Whether to run the same fault fewer times, or for a shorter time. */
  short: boolean;
  topology: TopologyName;
}

/** Everything that a fault needs to run. */
export interface Bench extends Form {
  platform: Platform;
  replicas: Replicas;
  processes: PodProcesses;
  /** Starts to watch which alerts fire; undefined if this run does not. */
  watch?: () => Promise<AlertWatch>;
  /** Settings of the run besides the local stack's. */
  overrides: Overrides;
  /** Root file system of the node, as this machine sees it. */
  root: string;
  /** Says that the fault is over and recovery may begin, for a `run` that continues after that. */
  over: () => void;
  /** Adds a fact of this run to the table. */
  note: (text: string) => void;
  /** Prints what happens now, for whoever watches. */
  say: (text: string) => void;
}

/** How lines reach Loki meanwhile. */
export type LoadKind = "push" | "pods";

/** One way to break the platform. */
export interface Fault {
  /** Its name on the command line; one word. */
  name: string;
  /** What breaks, and for how long. */
  what: (form: Form) => string;
  /** How we break it on one machine. */
  how: string;
  /** `push`: a client of the push API, which knows what was acknowledged; `pods`: pods whose lines Alloy collects. */
  load: LoadKind;
  /** What clients of the push API must see. Default: not checked. */
  pushes?: "none refused" | "some refused";
  /** Whether every query must be answered. Default: false. */
  reads?: boolean;
  /**
   * Bytes of lines that may be lost before Loki has acknowledged them: read by Alloy and not delivered when it is
   * killed, or rotated away while it waits. The row reports such a loss, apart from what was acknowledged. Default: 0.
   */
  undelivered?: number;
  /** Alerts that tell it. A run with `--alerts` checks that they fire, and that no other does. Default: none. */
  alerts?: {
    fire: readonly string[];
    /** Those that its consequences may raise too, depending on how quickly parts come back. Default: none. */
    mayFire?: readonly string[];
  };
  /** Topologies that have what it breaks. Default: all that have replicas. */
  topologies?: readonly TopologyName[];
  /** Whether the short form has it, or why it has not: what it costs, and which other fault guards the same there. */
  size: "short" | { fullOnly: string };
  /** Breaks it, and returns when recovery may begin. */
  run: (bench: Bench) => Promise<void>;
}

/** What tells that Loki is away. Its gateway answers with errors, and its ruler misses evaluations as it comes back. */
export const whileLokiIsAway: Fault["alerts"] = {
  fire: ["LogharborLokiDown", "LogharborAlloyRetrying"],
  mayFire: ["LogharborLokiRequestErrors", "LogharborRulerFailing"],
};

import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

/** How long a part of a life's lines may be lost, by what disturbs the collector. */
export type Round = "calm" | "alloy" | "kubelet";
export type Source = "files" | "kubernetes-api";

/** A container that writes numbered lines. */
export interface Writer {
  name: string;
  /** What its shell does; `w N` writes the next N lines of this run. */
  script: string;
  /** Lines that one run of it writes. */
  lines: number;
  /** How often it runs. Default: once. */
  runs?: number;
  kind?: "init" | "sidecar";
  /** Default: 32Mi. */
  memory?: string;
}

/** How pods come to their end. */
export type End =
  /** By themselves. */
  | { by: "itself" }
  /** Deleted as soon as their lines are in the node's file. */
  | { by: "delete" | "evict"; graceSeconds: number };

/** A way to live, as a row of the table. */
export interface Life {
  name: string;
  what: string;
  /** `core` is run in each end-to-end test, `full` in the long ones. */
  size: "core" | "full";
  /** How many such pods. */
  pods: number;
  /** Who makes them. Default: nobody. */
  owner?: { kind: "Job"; ttlSeconds?: number } | { kind: "CronJob" };
  restartPolicy: "Always" | "OnFailure" | "Never";
  writers: readonly Writer[];
  end: End;
  /** Memory-backed or other volumes beside the one that counts runs. */
  scratchLimit?: string;
  /**
   * Most lines that may be missing, where it is not 0: the kubelet keeps too little for too short a time, or the source
   * can't.
   */
  lost?: Partial<Record<Source, Partial<Record<Round, number>>>>;
}

export const lineOf = (life: string, pod: string, container: string, run: number, sequence: number) =>
  `life=${life} pod=${pod} container=${container} run=${run} seq=${sequence}`;

/** A line of a life, taken apart; undefined: it is none. */
export function parseLine(line: string): { life: string; pod: string; container: string; key: string } | undefined {
  const [, life, pod, container, run, sequence] =
    /^life=(\S+) pod=(\S+) container=(\S+) run=(\d+) seq=(\d+)$/.exec(line) ?? [];
  return life === undefined
    ? undefined
    : { life, pod: pod!, container: container!, key: `${pod}/${container}/${run}/${sequence}` };
}

/** Lines that all pods of a life write. */
export function expectedLines({ pods, writers }: Life): number {
  return pods * writers.reduce((sum, { lines, runs = 1 }) => sum + lines * runs, 0);
}

/** What each of its pods is. */
export function podSpec(life: Life, image: string): V1PodSpec {
  const container = (writer: Writer): V1Container => ({
    name: writer.name,
    image,
    command: ["sh", "-c", shell(life.name, writer)],
    ...(writer.kind === "sidecar" ? { restartPolicy: "Always" } : {}),
    resources: { requests: { cpu: "1m", memory: "4Mi" }, limits: { memory: writer.memory ?? "32Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: [
      { name: "state", mountPath: "/state" },
      ...(life.scratchLimit === undefined ? [] : [{ name: "scratch", mountPath: "/scratch" }]),
    ],
  });
  const isInit = ({ kind }: Writer) => kind !== undefined;
  return {
    automountServiceAccountToken: false,
    restartPolicy: life.restartPolicy,
    terminationGracePeriodSeconds: 10,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      fsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: life.writers.filter(isInit).map(container),
    containers: life.writers.filter((writer) => !isInit(writer)).map(container),
    volumes: [
      { name: "state", emptyDir: {} },
      ...(life.scratchLimit === undefined ? [] : [{ name: "scratch", emptyDir: { sizeLimit: life.scratchLimit } }]),
    ],
  };
}

/** Counts its runs where a restart does not reach. */
function shell(life: string, { name, script }: Writer): string {
  return `run=$(cat /state/${name} 2>/dev/null || echo 0)
echo $((run+1)) > /state/${name}
seq=0
w() {
  n=0
  while [ $n -lt $1 ]; do n=$((n+1)); seq=$((seq+1)); echo "life=${life} pod=$HOSTNAME container=${name} run=$run seq=$seq"; done
}
${script}
`;
}

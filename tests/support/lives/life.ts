import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

/** Rounds, named by what disturbs the collector in the middle; calm: nothing. */
export type Round = "calm" | "alloy" | "kubelet";
export type Source = "files" | "kubernetes-api";

/** A container that writes numbered lines. */
export interface Writer {
  name: string;
  /** Its shell script; `w N` writes the next N lines of this run. */
  script: string;
  /** Lines that one run of it writes. */
  lines: number;
  /** How often it runs. Default: once. */
  runs?: number;
  kind?: "init" | "sidecar";
  /** Default: 32Mi. */
  memory?: string;
}

/** How pods end. */
export type End =
  /** On their own. */
  | { by: "itself" }
  /** Deleted as soon as their lines are in the node's file. */
  | { by: "delete" | "evict"; graceSeconds: number };

/** A kind of life: a row of the table. */
export interface Life {
  name: string;
  what: string;
  /** `core` runs in every end-to-end run, `full` only in the long ones. */
  size: "core" | "full";
  /** How many such pods. */
  pods: number;
  /** The controller that makes them. Default: none. */
  owner?: { kind: "Job"; ttlSeconds?: number } | { kind: "CronJob" };
  restartPolicy: "Always" | "OnFailure" | "Never";
  writers: readonly Writer[];
  end: End;
  /** Size limit of an extra scratch volume. Default: no such volume. */
  scratchLimit?: string;
  /**
   * Most lines that may be missing, if not 0: the kubelet keeps logs too briefly, or the source cannot read them.
   */
  lost?: Partial<Record<Source, Partial<Record<Round, number>>>>;
}

/** The fields of a life's line; undefined if it is not such a line. */
export function parseLine(line: string): { life: string; pod: string; container: string; key: string } | undefined {
  const [, life, pod, container, run, sequence] =
    /^life=(\S+) pod=(\S+) container=(\S+) run=(\d+) seq=(\d+)$/.exec(line) ?? [];
  return life === undefined
    ? undefined
    : { life, pod: pod!, container: container!, key: `${pod}/${container}/${run}/${sequence}` };
}

/** Number of lines that all pods of a life write. */
export function expectedLines({ pods, writers }: Life): number {
  return pods * writers.reduce((sum, { lines, runs = 1 }) => sum + lines * runs, 0);
}

/** The template of each of its pods. */
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

/** Counts its runs in a place that survives a restart. */
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

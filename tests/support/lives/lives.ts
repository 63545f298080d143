import type { Life, Writer } from "./life";

const stays = "while :; do sleep 1; done";
const once = (script = stays, lines = 20): Writer => ({ name: "main", script: `w ${lines}\n${script}`, lines });
/** Fails after some seconds, again and again, then stays. */
const crashes = (seconds: number, runs: number): Writer => ({
  name: "main",
  lines: 20,
  runs,
  script: `w 20\nsleep ${seconds}\n[ $run -lt ${runs - 1} ] && exit 1\n${stays}`,
});
const init = (name: string): Writer => ({ name, kind: "init", script: "w 20\nsleep 1", lines: 20 });
/** Its last words when it gets SIGTERM. */
const lastWords = "trap 'w 20; exit 0' TERM\nwhile :; do sleep 0.2; done";

/**
 * At worst, logs come and go while Alloy restarts, or the kubelet deletes them before it reports that their containers
 * run.
 */
const missed = (lines: number): Life["lost"] => ({
  files: { alloy: lines },
  "kubernetes-api": { calm: lines, alloy: lines, kubelet: lines },
});

/** The API server has the last lines of a container from its kubelet, or not at all. */
const withoutKubelet = (lines: number): Life["lost"] => ({ "kubernetes-api": { kubelet: lines } });

/** Kinds of life. Pods live each of them, and we count their lines. To add a kind, add an entry. */
export const lives: readonly Life[] = [
  {
    name: "init-1",
    what: "an init container of 1 s, then lines at once",
    size: "core",
    pods: 4,
    restartPolicy: "Always",
    writers: [init("first"), once()],
    end: { by: "itself" },
  },
  {
    name: "crash-1s",
    what: "fails after 1 s, three runs",
    size: "core",
    pods: 4,
    restartPolicy: "Always",
    writers: [crashes(1, 3)],
    end: { by: "itself" },
    lost: missed(80),
  },
  {
    name: "job",
    what: "Job of 0.1 s",
    size: "core",
    pods: 6,
    owner: { kind: "Job" },
    restartPolicy: "Never",
    writers: [once("sleep 0.1", 50)],
    end: { by: "itself" },
    lost: withoutKubelet(300),
  },
  {
    name: "killed",
    what: "deleted at once after its last line, no grace",
    size: "core",
    pods: 4,
    restartPolicy: "Always",
    writers: [once()],
    end: { by: "delete", graceSeconds: 0 },
    lost: missed(80),
  },
  {
    name: "sidecar",
    what: "a native sidecar that ends with its pod, with last words",
    size: "core",
    pods: 3,
    restartPolicy: "Never",
    writers: [{ name: "side", kind: "sidecar", script: `w 20\n${lastWords}`, lines: 40 }, once("sleep 2")],
    end: { by: "itself" },
    lost: withoutKubelet(180),
  },
  {
    name: "init-3",
    what: "three init containers of 1 s",
    size: "full",
    pods: 3,
    restartPolicy: "Always",
    writers: [init("first"), init("second"), init("third"), once()],
    end: { by: "itself" },
  },
  {
    name: "init-fails",
    what: "an init container that fails twice",
    size: "full",
    pods: 3,
    restartPolicy: "Always",
    writers: [{ name: "first", kind: "init", script: "w 20\n[ $run -ge 2 ]", lines: 20, runs: 3 }, once()],
    end: { by: "itself" },
  },
  {
    name: "crash-0s",
    what: "fails at once, five runs",
    size: "full",
    pods: 4,
    restartPolicy: "Always",
    writers: [crashes(0, 5)],
    end: { by: "itself" },
    lost: missed(160),
  },
  {
    name: "crash-30s",
    what: "fails after 30 s, two runs",
    size: "full",
    pods: 3,
    restartPolicy: "Always",
    writers: [crashes(30, 2)],
    end: { by: "itself" },
  },
  {
    name: "oom",
    what: "killed for its memory after 1 s",
    size: "full",
    pods: 3,
    restartPolicy: "Never",
    writers: [{ name: "main", script: `w 20\nsleep 1\nexec awk 'BEGIN { x = "x"; while (1) x = x x }'`, lines: 20 }],
    end: { by: "itself" },
  },
  {
    name: "job-ttl-0",
    what: "Job of 0.1 s, removed when it ends",
    size: "full",
    pods: 10,
    owner: { kind: "Job", ttlSeconds: 0 },
    restartPolicy: "Never",
    writers: [once("sleep 0.1", 50)],
    end: { by: "itself" },
    lost: missed(500),
  },
  {
    name: "cron",
    what: "CronJob that starts 50 pods of 0.1 s at once",
    size: "full",
    pods: 50,
    owner: { kind: "CronJob" },
    restartPolicy: "Never",
    writers: [once("sleep 0.1")],
    end: { by: "itself" },
  },
  {
    name: "deleted",
    what: "deleted at once after its last line, with last words in its grace",
    size: "full",
    pods: 4,
    restartPolicy: "Always",
    writers: [{ ...once(lastWords), lines: 40 }],
    end: { by: "delete", graceSeconds: 5 },
    lost: missed(160),
  },
  {
    name: "evicted",
    what: "evicted by the API, with last words",
    size: "full",
    pods: 3,
    restartPolicy: "Always",
    writers: [{ ...once(lastWords), lines: 40 }],
    end: { by: "evict", graceSeconds: 5 },
    lost: missed(120),
  },
  {
    name: "overfull",
    what: "evicted by the kubelet for a volume that is too full",
    size: "full",
    pods: 2,
    restartPolicy: "Always",
    scratchLimit: "1Mi",
    writers: [once(`head -c 4000000 /dev/zero > /scratch/x\n${stays}`)],
    end: { by: "itself" },
  },
];

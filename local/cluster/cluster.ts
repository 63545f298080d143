import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { OperatorError, textOf } from "../../domain/problem";
import { type Programs } from "../builds/build";
import { type Progress } from "../report";
import {
  applyManifests,
  connect,
  manifestTexts,
  nodeProblem,
  serverProblem,
  stalePodProblem,
  workloadProblem,
} from "./api";
import { cgroupDirs, cgroupProcesses } from "./cgroups";
import { images, importImages, listApplets, packagedImages } from "./images";
import { initProcess, layOut, runInside, startInit, stopInit, type NodeFiles } from "./init";
import { hasKind, kindContext, kindKubeconfig, removeKind, startKind } from "./kind";
import { chooseCable, hasLink, routeDestinations } from "./network";
import { contextName, localNode, type Node } from "./node";
import { ensurePackages } from "./packages";
import { certifiedAddress, ensurePki } from "./pki";
import { inspectMachine, unmet } from "./preconditions";
import { until } from "./run";

/** A cluster on this machine. */
export interface LocalCluster {
  /** The cluster's own kubeconfig file, for its administrator. */
  readonly kubeconfig: string;
  /** Context in that file. */
  readonly context: string;
}

/**
 * Provides a local cluster that works: kind if Docker runs, else our own node. It leaves a working cluster alone, and
 * restarts a broken one, which keeps its objects and volumes.
 * @throws OperatorError that lists what this machine lacks, or what did not come up, and says where the logs are.
 */
export async function startCluster(
  programs: Programs,
  report: Progress,
  node: Node = localNode(),
): Promise<LocalCluster> {
  if (await usesKind(node)) {
    await startKind(node, report);
    return { kubeconfig: kindKubeconfig(node), context: kindContext(node) };
  }
  await requireMachine(node);
  try {
    const files: NodeFiles = { packages: await ensurePackages(report), bin: path.dirname(programs.bin("kubernetes")) };
    if (!(await isStarted(node, files))) await start(node, files, report);
    const busybox = path.join(files.packages, "usr/bin/busybox");
    await importImages(
      node,
      [...images(programs, busybox, await listApplets(busybox)), ...(await packagedImages(files.packages))],
      report,
    );
    await settle(node, report);
    await until("network policies", 30, () => enforcementProblem(node)).catch((error: Error) =>
      report.note(`network policies are not enforced here: ${error.message}`),
    );
  } catch (error) {
    throw new OperatorError(
      `The local cluster did not start: ${textOf(error)}`,
      [
        `see its logs: ${node.bootLog} and ${node.logs}`,
        "start it again: it continues from here, and keeps what it stores",
      ],
      { cause: error },
    );
  }
  return { kubeconfig: node.kubeconfig, context: contextName };
}

/** Whether the cluster is, or will be, kind's; otherwise it is our own node. */
export async function usesKind(node: Node = localNode()): Promise<boolean> {
  return fs.existsSync(kindKubeconfig(node)) || (!fs.existsSync(node.root) && (await hasKind()));
}

/**
 * @throws OperatorError that lists what keeps this machine from running our own node, and the alternatives.
 */
export async function requireMachine(node: Node = localNode()): Promise<void> {
  if (initProcess(node) !== undefined) return;
  const faults = unmet(await inspectMachine(node.dir));
  if (faults.length > 0) {
    throw new OperatorError("This machine cannot start a local cluster.", [
      ...faults,
      "or start Docker and install kind (https://kind.sigs.k8s.io), and run this command again",
      "or use a cluster that you have: npm run up -- --stack dev --context NAME, or pulumi up --stack dev",
    ]);
  }
}

/** Removes the local cluster with everything in it. Everything built and downloaded stays in the cache. */
export async function removeCluster(report: Progress, node: Node = localNode()): Promise<void> {
  report.step("removing the local cluster");
  if (fs.existsSync(kindKubeconfig(node))) await removeKind(node);
  if (process.platform === "linux") await stopInit(node);
  fs.rmSync(node.dir, { recursive: true, force: true });
  report.done("local cluster removed");
}

export interface ClusterStatus {
  /** `absent`: it does not exist; `stopped`: it exists only on disk; `broken`: it runs, but not as it should. */
  readonly state: "absent" | "stopped" | "broken" | "running";
  /** What is wrong with a broken one. */
  readonly problems: readonly string[];
}

export async function clusterStatus(node: Node = localNode()): Promise<ClusterStatus> {
  const kubeconfig = [kindKubeconfig(node), node.kubeconfig].find((file) => fs.existsSync(file));
  if (!kubeconfig) return { state: "absent", problems: [] };
  const isKind = kubeconfig === kindKubeconfig(node);
  if (!isKind && initProcess(node) === undefined) return { state: "stopped", problems: [] };
  const config = connect(kubeconfig);
  const problem =
    (await serverProblem(config)) ??
    (isKind ? undefined : ((await nodeProblem(config)) ?? (await workloadProblem(config))));
  return problem ? { state: "broken", problems: [problem] } : { state: "running", problems: [] };
}

/**
 * What is left of the node: processes, cgroups, network interfaces, mounts and files. Empty after its removal.
 */
export async function leftovers(node: Node = localNode()): Promise<string[]> {
  const files = fs.existsSync(node.dir) ? [`directory ${node.dir}`] : [];
  if (process.platform !== "linux") return files;
  const mounts = fs
    .readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((line) => line.includes(node.dir));
  return [
    ...cgroupProcesses(node.id).map((pid) => `process ${pid}`),
    ...cgroupDirs(node.id)
      .filter((dir) => path.basename(dir) === node.id)
      .map((dir) => `cgroup ${dir}`),
    ...((await hasLink(node.id)) ? [`interface ${node.id}`] : []),
    ...mounts.map((line) => `mount ${line}`),
    ...files,
  ];
}

/** Hash of everything that a running node was made from: if it changes, we restart the node. */
function inputs(files: NodeFiles): string {
  const programs = ["kubernetes", "network-policies"].map((name) => {
    const { size, mtimeMs } = fs.statSync(path.join(files.bin, name));
    return [size, mtimeMs];
  });
  const rootfs = path.join(__dirname, "rootfs");
  const entries = fs.readdirSync(rootfs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = entries.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
  return createHash("sha256")
    .update(JSON.stringify([files, programs, texts]))
    .digest("hex");
}

const startedFile = (node: Node) => path.join(node.dir, "started");
const settledFile = (node: Node) => path.join(node.dir, "settled");

function says(file: string, text: string): boolean {
  return fs.existsSync(file) && fs.readFileSync(file, "utf8") === text;
}

async function isStarted(node: Node, files: NodeFiles): Promise<boolean> {
  if (
    initProcess(node) === undefined ||
    certifiedAddress(node) === undefined ||
    !says(startedFile(node), inputs(files))
  )
    return false;
  const config = connect(node.kubeconfig);
  return ((await serverProblem(config)) ?? (await nodeProblem(config))) === undefined;
}

/** Starts the node, whatever an earlier or interrupted start has left. */
async function start(node: Node, files: NodeFiles, report: Progress): Promise<void> {
  report.step("starting the node");
  await stopInit(node);
  fs.mkdirSync(node.dir, { recursive: true });
  const cable = chooseCable(await routeDestinations(node.id), certifiedAddress(node));
  layOut(node, cable.node);
  await ensurePki(node, path.join(files.bin, "kubernetes"), cable.node);
  const since = new Date();
  await startInit(node, files, cable);

  const config = connect(node.kubeconfig);
  await until("the API server", 120, () => serverProblem(config));
  report.note(`API server at https://${cable.node}:6443`);
  await until("containerd", 30, () =>
    runInside(node, ["ctr", "version"]).then(
      () => undefined,
      (error: Error) => error.message,
    ),
  );
  await until("the node", 120, () => nodeProblem(config));
  await until("the earlier pods", 60, () => stalePodProblem(config, since)).catch((error: Error) =>
    report.note(error.message),
  );
  fs.writeFileSync(startedFile(node), inputs(files));
  report.done("the node is ready");
}

/**
 * Undefined if network policies are enforced; else which log says why not. A kernel without legacy iptables or ipset
 * cannot enforce them.
 */
function enforcementProblem(node: Node): Promise<string | undefined> {
  return runInside(node, ["iptables-legacy", "--list-rules", "KUBE-ROUTER-FORWARD"]).then(
    () => undefined,
    () => `see ${path.join(node.logs, "network-policies.log")}`,
  );
}

/** Brings up DNS and volumes. */
async function settle(node: Node, report: Progress): Promise<void> {
  const config = connect(node.kubeconfig);
  const texts = JSON.stringify(manifestTexts());
  if (says(settledFile(node), texts) && (await workloadProblem(config)) === undefined) return;
  report.step("starting the cluster's DNS and volumes");
  await applyManifests(config);
  await until("DNS and volumes", 180, () => workloadProblem(config));
  fs.writeFileSync(settledFile(node), texts);
  report.done("DNS and volumes work");
}

import { join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import {
  CommandError,
  ConcurrentUpdateError,
  type Deployment,
  type EngineEvent,
  type Stack,
} from "@pulumi/pulumi/automation";
import { clusterIn, settingsIn, type StackConfig } from "../config/stackConfig";
import type { Settings } from "../config/settings";
import { RunError } from "@pulumi/pulumi";
import type { StackOutputs } from "../render/outputs";
import { hasExistingStore, hasMinio } from "../domain/objectStore";
import { erasureText } from "../domain/erasure";
import type { Credential } from "../domain/credentials";
import { stackLabel } from "../domain/names";
import { usedParts } from "../domain/parts";
import { labelValue, podLabelsOf, type Owner } from "../render/ownership";
import { stackRequests } from "../render/requests";
import { topologyOf } from "../render/topology";
import { certificateFacts, certificateFindings } from "../cluster/certificates";
import { outlivingClaims, removeClaims } from "../changes/ownership/claims";
import { gatherFacts, unreachable } from "../cluster/clusterFacts";
import { clusterIdentity } from "../cluster/identity";
import { overriddenConfig } from "./overriddenConfig";
import { engineFailure, isStale, lockHolder, stackBusy } from "./engineError";
import type { Problem } from "../domain/problem";
import { loadKubeConfig } from "../cluster/kubeconfig";
import { ForeignObjectsError, foreignIn, type Foreign } from "../changes/ownership/foreign";
import { afterReplacement, type ClusterReplaced } from "./clusterReplaced";
import { protectedMinioRefusal, protectedRefusal, requireMinio } from "./guards";
import { OtherClusterError } from "../changes/clusterGate";
import { CollisionError, foundCollisions, type OwnershipFacts } from "../changes/ownership/gate";
import { inventory } from "../changes/ownership/inventory";
import { dnsFacts, dnsFindings } from "../cluster/dns";
import { hostLogFindings } from "../cluster/hostLogs";
import { kubeletFacts } from "../cluster/kubelet";
import { podTrouble } from "../cluster/podTrouble";
import { preflight, preflightReport, readyNodes, type ClusterFacts, type Wishes } from "../cluster/preflight";
import { storeFindings, storeNotes } from "../cluster/storeFindings";
import { storeFacts } from "../cluster/storeTrial";
import { engineProgress, type Print } from "./engineProgress";
import type { Deployed, DestroyOptions, LogStack, OpenStackArgs, OperationResult } from "./logStack";
import { ownerOf } from "./owner";
import { projectDir, type Running } from "./project";
import { recoverForDestroy, recoverForUp, type Recovering } from "./recovery";
import { appliedReleases, helmRecords, type ReleaseName } from "../cluster/helmRelease";
import { waitForDaemonSet } from "../cluster/rollout";
import type { Engine } from "./renderedCharts";
import { rotate, type Rotation } from "./rotation";
import { rotatingStack } from "./rotatingStack";
import {
  begunObjects,
  knownNamespaces,
  knownObjects,
  knownReleases,
  mended,
  recordedCluster,
  resourcesOf,
} from "./state";
import { closeTunnel } from "../cluster/tunnel";

const ownPolicies = join(projectDir, "policies", "analyzer.js");

/** A stack of the backend, and what can be done with it. */
export class OpenedStack implements LogStack {
  readonly name: string;
  private readonly print: Print;
  readonly owner: Owner;
  private readonly workDir: string;
  private loaded?: { config: StackConfig; settings: Settings; kubeConfig: KubeConfig };

  constructor(
    private readonly stack: Stack,
    private readonly args: OpenStackArgs,
    private readonly running: Running,
  ) {
    const workDir = args.workDir ?? projectDir;
    this.workDir = workDir;
    this.name = args.name;
    this.owner = ownerOf(workDir, args.name);
    this.print = args.print ?? (() => undefined);
  }

  async settings(): Promise<Settings> {
    return (await this.load()).settings;
  }

  async kubeConfig(): Promise<KubeConfig> {
    return (await this.load()).kubeConfig;
  }

  async preflight(): Promise<{ facts: ClusterFacts; findings: Problem[]; report: string }> {
    const { settings, kubeConfig } = await this.load();
    const used = usedParts(settings);
    const facts = await gatherFacts(kubeConfig, {
      isOwn: ({ metadata }) =>
        used.some(
          (part) =>
            settings.namespaces[part] === metadata?.namespace &&
            holds(metadata.labels, podLabelsOf(part, settings, this.owner)),
        ),
      makesNamespaces: used.some((part) => !settings.existingNamespaces.includes(part)),
    });
    const { collisions, unseen, homes } = await this.ownership(await this.stateHere());
    const { replicas } = topologyOf(settings);
    const withMinio = hasMinio(settings.objectStore);
    const wishes: Wishes = {
      ...settings,
      requests: stackRequests(settings),
      replicas: Math.max(withMinio ? settings.minio.servers : 0, ...Object.values<number>({ ...replicas })),
      erasure: withMinio ? erasureText(settings.minio) : undefined,
    };
    const store = hasExistingStore(settings.objectStore)
      ? await storeFacts(kubeConfig, settings, { writes: true, keys: process.env })
      : undefined;
    const kubelets = await kubeletFacts(kubeConfig, readyNodes(facts));
    const findings = [
      ...preflight(facts, wishes),
      ...dnsFindings(await dnsFacts(kubeConfig, kubelets), { ...settings, gateway: replicas.gateway > 0 }),
      ...hostLogFindings(facts, kubelets, settings),
      ...certificateFindings(await certificateFacts(kubeConfig, settings), settings),
      ...(store === undefined ? [] : storeFindings(store, settings)),
      ...collisions,
    ];
    const notes = [
      ...(store === undefined ? [] : storeNotes(store, settings)),
      ...homes,
      ...(unseen.length === 0 ? [] : [`not checked, because you lack the right to see it: ${unseen.join(", ")}`]),
    ];
    return { facts, findings, report: preflightReport(facts, wishes, { findings, notes }) };
  }

  async preview(): Promise<OperationResult> {
    const lost = await this.requireOwn();
    for (const { kind, name } of lost)
      this.print(`  ${kind.toLowerCase()} ${name} is the stack's, and its state has lost it: up keeps it as it is`);
    return this.operate("preview", async (options) => ({
      changes: (await this.stack.preview({ ...options, policyPacks: this.policyPacks() })).changeSummary,
    }));
  }

  async up(): Promise<OperationResult> {
    // Before the recovery, which removes what the state says about an interrupted run.
    const lost = await this.requireOwn();
    const { settings: wanted } = await this.load();
    await recoverForUp({ ...(await this.recovering()), lost, settings: wanted });
    const result = await this.operate("up", async (options) => ({
      changes: (await this.stack.up({ ...options, policyPacks: this.policyPacks() })).summary.resourceChanges ?? {},
    }));
    const { settings, kubeConfig } = await this.load();
    await waitForDaemonSet(kubeConfig, { namespace: settings.namespaces.alloy, name: "alloy" }, this.print);
    return result;
  }

  async rotate(what?: readonly Credential[]): Promise<Rotation> {
    await this.stateHere(); // before the rotation is written to the stack's file
    const { print, stack } = this;
    const onConfig = () => (this.loaded = undefined);
    return rotate(rotatingStack({ opened: this, stack, onConfig, overrides: this.args.config, print }), what);
  }

  async refresh(): Promise<OperationResult> {
    await this.requireMinio();
    return this.operate("refresh", async (options) => ({
      changes: (await this.stack.refresh(options)).summary.resourceChanges ?? {},
    }));
  }

  async repeatUpgrades(releases: readonly ReleaseName[]): Promise<void> {
    await this.replaceState(mended(await this.stateHere(), { interrupted: releases }));
  }

  async deployed(): Promise<Deployed> {
    const { kubeConfig, config } = await this.load();
    const state = await this.stateHere();
    const known = knownReleases(state);
    const own = await this.asked(helmRecords(kubeConfig, [...new Set(known.map(({ namespace }) => namespace))]));
    const records = own.filter(({ namespace, release }) =>
      known.some((one) => one.namespace === namespace && one.name === release),
    );
    const releases = await this.asked(appliedReleases(kubeConfig, records));
    return { config, resources: resourcesOf(state), releases };
  }

  get engine(): Engine {
    return { cli: this.args.cli, env: this.args.env };
  }

  async foreign(): Promise<Foreign> {
    return this.foreignBy(await this.stateHere());
  }

  private async foreignBy(state: Deployment): Promise<Foreign> {
    const { settings, kubeConfig } = await this.load();
    return this.asked(
      foreignIn(kubeConfig, knownNamespaces(state), { settings, owner: this.owner, known: knownObjects(state) }),
    );
  }

  async destroy({ withForeign = false }: DestroyOptions = {}): Promise<OperationResult> {
    const state = await this.stateHere();
    const refusal = protectedRefusal(this.name, state);
    if (refusal !== undefined) throw refusal;
    if (!withForeign) {
      const { objects, unseen } = await this.foreignBy(state);
      if (unseen.length > 0)
        this.print(`  warning: objects of others were checked only in part: no right to see ${unseen.join(", ")}`);
      if (objects.length > 0) throw new ForeignObjectsError(this.name, objects);
    }
    const { settings, kubeConfig } = await this.load();
    const claims = await this.asked(outlivingClaims(kubeConfig, settings, knownReleases(state)));
    await recoverForDestroy(await this.recovering());
    const result = await this.operate("destroy", async (options) => ({
      changes: { delete: (await this.stack.destroy(options)).summary.resourceChanges?.delete ?? 0 },
    }));
    await removeClaims(kubeConfig, claims);
    return result;
  }

  async clusterReplaced(): Promise<ClusterReplaced> {
    const { settings, kubeConfig } = await this.load();
    const found = await this.asked(clusterIdentity(kubeConfig));
    const { there } = await this.asked(inventory(kubeConfig, settings, this.owner));
    const { state, ...done } = afterReplacement(this.owner, await this.state(), { found, there });
    await this.replaceState(state);
    return done;
  }

  async outputs(): Promise<Partial<StackOutputs>> {
    const outputs = await asking("Reading the stack's outputs", this.stack.outputs());
    return Object.fromEntries(
      Object.entries(outputs).flatMap(([key, { value, secret }]) => (secret ? [] : [[key, value as unknown]])),
    );
  }

  /**
   * One path for every operation. The program runs too, so that deletes and refreshes have its tunnel to MinIO. Only a
   * destroy runs without it: MinIO's resources go with the server, and the server need not answer any more.
   */
  private async operate(
    kind: string,
    run: (options: {
      onEvent: (event: EngineEvent) => void;
      runProgram: boolean;
      configFile?: string;
      signal?: AbortSignal;
      suppressProgress: true;
    }) => Promise<OperationResult>,
  ): Promise<OperationResult> {
    const { settings } = await this.load();
    const progress = engineProgress(this.print, (namespace) => this.podTrouble(namespace));
    const overrides = overriddenConfig(this.workDir, this.name, this.args.config);
    this.running.kind = kind;
    this.running.failure = undefined;
    const onEvent = (event: EngineEvent) => {
      progress.onEvent(event);
      this.args.onEvent?.(event);
    };
    try {
      return await this.withoutStaleLock(() =>
        run({
          onEvent,
          runProgram: kind !== "destroy",
          configFile: overrides?.file,
          signal: this.args.signal,
          suppressProgress: true,
        }),
      );
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const pods = await Promise.all(
        [...new Set(Object.values(settings.namespaces))].map((namespace) => this.podTrouble(namespace)),
      );
      throw engineFailure({
        operation: kind,
        errors: progress.errors,
        text: error.message,
        notes: pods.flat(),
        explained: RunError.isInstance(this.running.failure),
      });
    } finally {
      progress.stop();
      overrides?.remove();
      await closeTunnel(settings.minio.tunnelPort);
    }
  }

  /** Why pods of the stack are not ready; in an existing namespace, leaves out the pods of others. */
  private async podTrouble(namespace: string): Promise<string[]> {
    const { settings, kubeConfig } = await this.load();
    const isShared = settings.existingNamespaces.some((part) => settings.namespaces[part] === namespace);
    return podTrouble(kubeConfig, namespace, isShared ? `${stackLabel}=${labelValue(this.owner.stack)}` : undefined);
  }

  private async ownership(state: Deployment): Promise<OwnershipFacts> {
    const { settings, kubeConfig } = await this.load();
    const [known, begun] = [knownObjects(state), begunObjects(state)];
    return this.asked(foundCollisions(kubeConfig, { settings, owner: this.owner, known, begun }));
  }

  /** Like the program's own gates, which see the cluster alone; this one also knows the stack's state. */
  private async requireOwn(): Promise<OwnershipFacts["lost"]> {
    const state = await this.stateHere();
    const refusal = protectedMinioRefusal(this.name, state, await this.settings());
    if (refusal !== undefined) throw refusal;
    const { collisions, lost } = await this.ownership(state);
    if (collisions.length > 0) throw new CollisionError(collisions);
    return lost;
  }

  /** Asks the cluster, and explains a failure for people. */
  private async asked<T>(question: Promise<T>): Promise<T> {
    const { kubeConfig } = await this.load();
    return question.catch((error: unknown) => {
      throw unreachable(kubeConfig, error);
    });
  }

  /** What a recovery works with. */
  private async recovering(): Promise<Omit<Recovering, "lost" | "settings">> {
    const { kubeConfig } = await this.load();
    return {
      stack: this.name,
      state: await this.stateHere(),
      kubeConfig,
      asked: async (question) => this.asked(question),
      replaceState: async (state) => this.replaceState(state),
      print: this.print,
    };
  }

  /** Takes the stack's lock, so it fails while somebody is at work on the stack. */
  private async replaceState(state: Deployment): Promise<void> {
    await this.withoutStaleLock(() => this.stack.importStack(state));
  }

  private policyPacks(): string[] {
    return this.args.policyPacks ?? [ownPolicies];
  }

  private async requireMinio(): Promise<void> {
    const { settings, kubeConfig } = await this.load();
    await requireMinio(await this.stateHere(), settings, kubeConfig);
  }

  /**
   * Runs an operation. If a killed process of this machine left the lock behind, removes the lock and runs it again.
   */
  private async withoutStaleLock<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof ConcurrentUpdateError)) throw error;
      const holder = lockHolder(error.message);
      if (holder === undefined || !isStale(holder)) throw stackBusy(this.name, holder);
      this.print(`process ${holder.pid}, which held the stack's lock, is gone; removing the lock`);
      await this.stack.cancel();
      return operation();
    }
  }

  /** The stack's state, if it describes the cluster that the config names. @throws OtherClusterError */
  private async stateHere(): Promise<Deployment> {
    const { kubeConfig } = await this.load();
    const state = await this.state();
    const recorded = recordedCluster(state);
    if (recorded === undefined) return state;
    const found = await this.asked(clusterIdentity(kubeConfig));
    if (found !== undefined && found !== recorded)
      throw new OtherClusterError(this.name, { recorded, found }, kubeConfig);
    return state;
  }

  private async state(): Promise<Deployment> {
    return asking("Reading the stack's state", this.stack.exportStack());
  }

  private async load(): Promise<{ config: StackConfig; settings: Settings; kubeConfig: KubeConfig }> {
    if (this.loaded === undefined) {
      const stored = await asking("Reading the stack's config", this.stack.getAllConfig());
      const values = {
        ...Object.fromEntries(Object.entries(stored).map(([key, { value }]) => [key, value])),
        ...this.args.config,
      };
      this.loaded = {
        config: values,
        settings: settingsIn(values),
        kubeConfig: loadKubeConfig(clusterIn(values)),
      };
    }
    return this.loaded;
  }
}

/** Asks the CLI, and explains a failure for people. */
async function asking<T>(what: string, question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw error instanceof CommandError ? engineFailure({ operation: what, text: error.message }) : error;
  }
}

function holds(labels: Record<string, string> | undefined, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([label, value]) => labels?.[label] === value);
}

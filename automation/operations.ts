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
import type { StackOutputs } from "../render/outputs";
import { stackLabel } from "../domain/names";
import { labelValue, type Owner } from "../render/ownership";
import { planOf } from "../render/plan";
import { outlivingClaims, removeClaims } from "../changes/ownership/claims";
import { unreachable } from "../cluster/clusterFacts";
import { clusterIdentity } from "../cluster/identity";
import { overriddenConfig } from "./overriddenConfig";
import { engineFailure, isStale, lockHolder, orCancelled, stackBusy } from "./engineError";
import type { Danger } from "../domain/danger";
import { OperatorError } from "../domain/problem";
import { DangerError } from "../changes/dangers/gate";
import { diagnosed } from "../doctor/diagnose";
import type { Diagnosis } from "../doctor/report";
import { asking } from "./asking";
import { unlessAborted } from "./cancellation";
import { loadKubeConfig } from "../cluster/kubeconfig";
import { ForeignObjectsError, foreignIn, type Foreign } from "../changes/ownership/foreign";
import { afterReplacement, type ClusterReplaced } from "./clusterReplaced";
import { protectedMinioRefusal, protectedRefusal, requireMinio } from "./guards";
import { OtherClusterError } from "../changes/clusterGate";
import { CollisionError, foundCollisions, type OwnershipFacts } from "../changes/ownership/gate";
import { inventory } from "../changes/ownership/inventory";
import { podTrouble } from "../cluster/podTrouble";
import { engineProgress } from "./engineProgress";
import { changesOf, errorContent, type OperationName } from "./events";
import { Journal, type Print } from "./journal";
import { startOperation, type OperationOptions, type StartedOperation } from "./startedOperation";
import type {
  Deployed,
  DestroyOptions,
  LogStack,
  OpenStackArgs,
  OperationResult,
  OperationResults,
  PreflightResult,
  RotateOptions,
} from "./logStack";
import { ownerOf } from "./owner";
import { defaultWorkDir, projectDir, type Running } from "./project";
import { recoverForDestroy, recoverForUp, type Recovering } from "./recovery";
import { appliedReleases, helmRecords, type ReleaseName } from "../cluster/helmRelease";
import { waitForDaemonSet } from "../cluster/rollout";
import { stackPreflight } from "./stackPreflight";
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

const ownPolicies = join(projectDir, "policies", "analyzer.js");

/** A stack of the backend, and what can be done with it. */
export class OpenedStack implements LogStack {
  readonly name: string;
  private readonly journal: Journal;
  private readonly print: Print;
  readonly owner: Owner;
  private readonly workDir: string;
  /** What is at work on the stack. Undefined between operations. */
  private current?: { signal?: AbortSignal };
  private loaded?: { config: StackConfig; settings: Settings; kubeConfig: KubeConfig };

  constructor(
    private readonly stack: Stack,
    private readonly args: OpenStackArgs,
    private readonly running: Running,
  ) {
    const workDir = args.workDir ?? defaultWorkDir();
    this.workDir = workDir;
    this.name = args.name;
    this.owner = ownerOf(workDir, args.name);
    this.journal = new Journal(args.name, args.print);
    this.journal.listen(args.onEvent);
    this.print = this.journal.print;
  }

  start<K extends OperationName>(
    operation: K,
    options?: OperationOptions & Parameters<LogStack[K]>[0],
  ): StartedOperation<OperationResults[K]> {
    const method = this[operation] as (given: OperationOptions) => Promise<OperationResults[K]>;
    return startOperation((given) => method.call(this, { ...options, ...given }), options);
  }

  async settings(): Promise<Settings> {
    return (await this.load()).settings;
  }

  async kubeConfig(): Promise<KubeConfig> {
    return (await this.load()).kubeConfig;
  }

  async preflight(options?: OperationOptions): Promise<PreflightResult> {
    return this.perform("preflight", options, async () => {
      const { settings, kubeConfig } = await this.load();
      const ownership = await this.ownership(await this.stateHere());
      const stack = { settings, kubeConfig, owner: this.owner };
      const result = await unlessAborted(() => stackPreflight(stack, ownership), this.signal);
      for (const { problem, remedy } of result.findings)
        this.journal.emit({ type: "finding", source: "preflight", problem, remedy: [remedy].flat() });
      return result;
    });
  }

  async preview(options?: OperationOptions): Promise<OperationResult> {
    return this.perform("preview", options, async () => {
      const lost = await this.requireOwn();
      for (const { kind, name } of lost)
        this.print(`  ${kind.toLowerCase()} ${name} is the stack's, and its state has lost it: up keeps it as it is`);
      return this.operate("preview", async (engine) => ({
        changes: (await this.stack.preview({ ...engine, policyPacks: this.policyPacks() })).changeSummary,
      }));
    });
  }

  async up(options?: OperationOptions): Promise<OperationResult> {
    return this.perform("up", options, async () => this.bringUp());
  }

  private async bringUp(): Promise<OperationResult> {
    // Before the recovery, which removes what the state says about an interrupted run.
    const lost = await this.requireOwn();
    const { settings: wanted } = await this.load();
    await recoverForUp({ ...(await this.recovering()), lost, settings: wanted });
    const result = await this.operate("up", async (engine) => ({
      changes: (await this.stack.up({ ...engine, policyPacks: this.policyPacks() })).summary.resourceChanges ?? {},
    }));
    const { settings, kubeConfig } = await this.load();
    const agents = { namespace: settings.namespaces.alloy, name: "alloy", signal: this.signal };
    await waitForDaemonSet(kubeConfig, agents, this.print);
    return result;
  }

  async rotate({ what, ...options }: RotateOptions = {}): Promise<Rotation> {
    return this.perform("rotate", options, async () => {
      await this.stateHere(); // before the rotation is written to the stack's file
      const { print, stack } = this;
      const opened = {
        settings: async () => this.settings(),
        kubeConfig: async () => this.kubeConfig(),
        up: async () => this.bringUp(),
      };
      const onConfig = () => (this.loaded = undefined);
      return rotate(rotatingStack({ opened, stack, onConfig, overrides: this.args.config, print }), what);
    });
  }

  async refresh(options?: OperationOptions): Promise<OperationResult> {
    return this.perform("refresh", options, async () => {
      await this.requireMinio();
      return this.operate("refresh", async (engine) => ({
        changes: (await this.stack.refresh(engine)).summary.resourceChanges ?? {},
      }));
    });
  }

  async repeatUpgrades(releases: readonly ReleaseName[]): Promise<void> {
    await this.replaceState(mended(await this.stateHere(), { interrupted: releases }));
  }

  async doctor(): Promise<Diagnosis> {
    const { settings, kubeConfig } = await this.load();
    return (await diagnosed({ settings, kubeConfig, owner: this.owner })).diagnosis;
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

  async destroy({ withForeign = false, ...options }: DestroyOptions = {}): Promise<OperationResult> {
    return this.perform("destroy", options, async () => this.remove(withForeign));
  }

  private async remove(withForeign: boolean): Promise<OperationResult> {
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
    const result = await this.operate("destroy", async (engine) => ({
      changes: { delete: (await this.stack.destroy(engine)).summary.resourceChanges?.delete ?? 0 },
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
    const outputs = await asking("Reading the stack's outputs", () => this.stack.outputs(), this.signal);
    return Object.fromEntries(
      Object.entries(outputs).flatMap(([key, { value, secret }]) => (secret ? [] : [[key, value as unknown]])),
    );
  }

  /** One operation at a time: tells its begin and its end, and ends it when it is cancelled. */
  private async perform<K extends OperationName>(
    operation: K,
    { signal, onEvent }: OperationOptions = {},
    work: () => Promise<OperationResults[K]>,
  ): Promise<OperationResults[K]> {
    if (this.current !== undefined) throw stackBusy(this.name, undefined);
    const signals = [this.args.signal, signal].filter((one) => one !== undefined);
    this.current = signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
    const deafen = this.journal.listen(onEvent);
    try {
      this.journal.emit({ type: "operation", operation, state: "started" });
      this.signal?.throwIfAborted();
      const result = await work();
      this.journal.emit({ type: "operation", operation, state: "succeeded", ...changesOf(result) });
      return result;
    } catch (caught) {
      const error = this.signal?.aborted === true ? orCancelled(operation, caught) : caught;
      const isCancelled = error instanceof OperatorError && error.code === "cancelled";
      const state = isCancelled ? "cancelled" : "failed";
      this.journal.emit({ type: "operation", operation, state, error: errorContent(error) });
      throw error;
    } finally {
      deafen();
      this.current = undefined;
    }
  }

  /** Cancels the operation at work. */
  private get signal(): AbortSignal | undefined {
    return this.current?.signal ?? this.args.signal;
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
    const progress = engineProgress(this.journal.emit, (namespace) => this.podTrouble(namespace));
    const overrides = overriddenConfig(this.workDir, this.name, this.args.config);
    this.running.kind = kind;
    this.running.failure = undefined;
    this.running.onAccepted = (danger) => this.tellDanger(danger, true);
    const onEvent = (event: EngineEvent) => {
      progress.onEvent(event);
      this.args.onEngineEvent?.(event);
    };
    try {
      return await this.withoutStaleLock(() =>
        run({
          onEvent,
          runProgram: kind !== "destroy",
          configFile: overrides?.file,
          signal: this.signal,
          suppressProgress: true,
        }),
      );
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const { failure } = this.running;
      if (failure instanceof DangerError) for (const danger of failure.dangers) this.tellDanger(danger, false);
      const pods = await Promise.all(
        [...new Set(Object.values(settings.namespaces))].map((namespace) => this.podTrouble(namespace)),
      );
      throw engineFailure({
        operation: kind,
        errors: progress.errors,
        text: error.message,
        notes: pods.flat(),
        cause: failure,
      });
    } finally {
      progress.stop();
      overrides?.remove();
      await Promise.all(this.running.tunnels.splice(0).map((tunnel) => tunnel.close()));
    }
  }

  private tellDanger({ key, problem, remedy, allow }: Danger, accepted: boolean): void {
    this.journal.emit({ type: "danger", key, problem, remedy: [remedy], ...(allow && { allow }), accepted });
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
    planOf(await this.settings()); // refuses what only the plan shows to be wrong, before anything is touched
    const { collisions, lost } = await this.ownership(state);
    if (collisions.length > 0) throw new CollisionError(collisions);
    return lost;
  }

  /** Asks the cluster, and explains a failure for people. */
  private async asked<T>(question: Promise<T>): Promise<T> {
    const { kubeConfig } = await this.load();
    const { signal } = this;
    return unlessAborted(async () => question, signal).catch((error: unknown) => {
      throw signal?.aborted === true ? error : unreachable(kubeConfig, error);
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
    // The engine does not look at a signal that was aborted before it began.
    this.signal?.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof ConcurrentUpdateError)) throw error;
      const holder = lockHolder(error.message);
      if (holder === undefined || !isStale(holder)) throw stackBusy(this.name, holder);
      this.print(`process ${holder.pid}, which held the stack's lock, is gone; removing the lock`);
      await this.stack.cancel();
      this.signal?.throwIfAborted();
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
    return asking("Reading the stack's state", () => this.stack.exportStack(), this.signal);
  }

  private async load(): Promise<{ config: StackConfig; settings: Settings; kubeConfig: KubeConfig }> {
    if (this.loaded === undefined) {
      const stored = await asking("Reading the stack's config", () => this.stack.getAllConfig(), this.signal);
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

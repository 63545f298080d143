import type { KubeConfig } from "@kubernetes/client-node";
import type { EngineEvent, OpMap, PulumiFn } from "@pulumi/pulumi/automation";
import type { Diagnosis } from "../doctor/report";
import type { Foreign } from "../changes/ownership/foreign";
import type { ClusterFacts } from "../cluster/preflight";
import type { Settings } from "../config/settings";
import type { Credential } from "../domain/credentials";
import type { Problem } from "../domain/problem";
import type { Owner } from "../render/ownership";
import type { StackOutputs } from "../render/outputs";
import type { ClusterReplaced } from "./clusterReplaced";
import type { StackConfig } from "../config/stackConfig";
import type { AppliedRelease, ReleaseName } from "../cluster/helmRelease";
import type { OperationName, StackEvent } from "./events";
import type { Print } from "./journal";
import type { Engine } from "./renderedCharts";
import type { Rotation } from "./rotation";
import type { OperationOptions, StartedOperation } from "./startedOperation";
import type { StateResource } from "./state";

/** Which stack to open, and how. */
export interface OpenStackArgs {
  /** Name of the stack; `Pulumi.<name>.yaml` holds its settings. */
  name: string;
  /**
   * Folder of `Pulumi.yaml` and the stack files. Default: this checkout; for the published package, the
   * working directory.
   */
  workDir?: string;
  /** The program to run. Default: this project's. */
  program?: PulumiFn;
  /** Path of the Pulumi CLI, which is in a folder `bin`. Default: `pulumi` on the PATH. */
  cli?: string;
  /** Environment of the engine, added to this process's own: backend, passphrase, plugin folder. Default: none. */
  env?: Record<string, string>;
  /**
   * Config values by full key, such as `kubernetes:context`, for these operations only; never written to the stack's
   * file. Default: none.
   */
  config?: Record<string, string>;
  /**
   * CrossGuard packs that preview and up must pass: folders, or files that serve one. Default: this project's
   * `policies/`.
   */
  policyPacks?: string[];
  /** Called with each line of progress. Default: nobody. */
  print?: Print;
  /** Called with each event of each operation. Default: nobody. */
  onEvent?: (event: StackEvent) => void;
  /** Called with each event of the engine, in Pulumi's own form, which may change with it. Default: nobody. */
  onEngineEvent?: (event: EngineEvent) => void;
  /**
   * Cancels whatever is at work on the stack, at any point; the operation rejects with the code `cancelled`. Steps of
   * the engine that run are finished first, as after Ctrl-C. The same operation continues from there later.
   */
  signal?: AbortSignal;
}

/** What an operation did, or would do. */
export interface OperationResult {
  /** How many resources were created, updated, deleted, left the same, …. */
  changes: OpMap;
}

/** What the cluster lacks for a stack. */
export interface PreflightResult {
  facts: ClusterFacts;
  /** Nothing, if `up` may begin. */
  findings: Problem[];
  /** All of it as one text. */
  report: string;
}

/** What each operation returns. */
export interface OperationResults {
  preflight: PreflightResult;
  preview: OperationResult;
  up: OperationResult;
  rotate: Rotation;
  refresh: OperationResult;
  destroy: OperationResult;
}

/** What is deployed of a stack, and its config. It holds secrets in clear. */
export interface Deployed {
  /** The config in force, by full key. */
  config: StackConfig;
  /** The resources of the state. */
  resources: StateResource[];
  /** What Helm applied of the releases that the state holds. */
  releases: AppliedRelease[];
}

export interface DestroyOptions extends OperationOptions {
  /** Whether to delete objects of others together with the stack's namespaces. Default: false. */
  withForeign?: boolean;
}

/** Options of {@link LogStack.rotate}. */
export interface RotateOptions extends OperationOptions {
  /** Credentials to renew. Default: all that the stack has. */
  what?: readonly Credential[];
}

/**
 * A stack, ready for operations, one at a time. Each rejects with an OperatorError if an operator can fix the problem.
 * Each that compares the cluster with the state rejects with an OtherClusterError if the stack's config names another
 * cluster than that of its last `up`; nothing is touched then.
 */
export interface LogStack {
  readonly name: string;
  /** How the stack's objects are marked. @internal */
  readonly owner: Owner;
  /** Settings in force. */
  settings(): Promise<Settings>;
  /** The cluster that the stack's config names. */
  kubeConfig(): Promise<KubeConfig>;
  /**
   * Starts an operation whose events you read one after the other: `for await (const event of stack.start("up"))`. Its
   * options are those of the method with its name.
   */
  start<K extends OperationName>(
    operation: K,
    options?: OperationOptions & Parameters<LogStack[K]>[0],
  ): StartedOperation<OperationResults[K]>;
  /** What the cluster lacks for this stack. Nothing is touched. */
  preflight(options?: OperationOptions): Promise<PreflightResult>;
  /** What `up` would change. Nothing is touched. */
  preview(options?: OperationOptions): Promise<OperationResult>;
  /** Makes the cluster match the settings. First repairs what an interrupted run left behind. */
  up(options?: OperationOptions): Promise<OperationResult>;
  /**
   * Renews credentials, without a lost line or a refused push. Raises their generations in the stack's file. Continues
   * after an interruption.
   */
  rotate(options?: RotateOptions): Promise<Rotation>;
  /** Updates the state to what the cluster really holds. */
  refresh(options?: OperationOptions): Promise<OperationResult>;
  /** Makes the next `up` upgrade these releases, even if nothing about them has changed. @internal */
  repeatUpgrades(releases: readonly ReleaseName[]): Promise<void>;
  /** What is wrong with the running stack, the cause first. Nothing is touched. */
  doctor(): Promise<Diagnosis>;
  /** What is deployed, in clear. Nothing is touched. @internal */
  deployed(): Promise<Deployed>;
  /** The engine that runs its operations. @internal */
  readonly engine: Engine;
  /** Objects of others that a destroy would delete together with the stack's namespaces. Nothing is touched. */
  foreign(): Promise<Foreign>;
  /**
   * Removes everything, logs included; refuses while data is protected.
   * @throws ForeignObjectsError that lists others' objects in the stack's namespaces, unless `withForeign` is set
   */
  destroy(options?: DestroyOptions): Promise<OperationResult>;
  /**
   * Says that the cluster of the stack's config really replaces the one of its last `up`. Takes what was in the old
   * cluster out of the state, so that the next `up` makes it anew; if the new cluster holds the stack's objects (from a
   * backup), only notes the new cluster. Changes nothing in either cluster. The generated passwords stay.
   */
  clusterReplaced(): Promise<ClusterReplaced>;
  /** The outputs of the last `up`, without secret ones of your own program; empty before the first `up`. */
  outputs(): Promise<Partial<StackOutputs>>;
}

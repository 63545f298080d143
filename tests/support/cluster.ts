import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request, type RequestOptions } from "node:https";
import { PassThrough } from "node:stream";
import { text as consumed } from "node:stream/consumers";
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  type KubeConfig,
  type V1DaemonSet,
  type V1Deployment,
  type V1Pod,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { secretContent } from "../../cluster/secret";
import { codeOf } from "../../domain/problem";
import type { ProgramName } from "../../local/builds/programs";
import { imageName } from "../../local/cluster/imageName";
import { waitFor } from "./wait";

export interface ShellPod {
  name: string;
  /** The script that its shell runs. */
  script: string;
  /** Value of its label `app`. Default: its name. */
  app?: string;
  /** Its labels, instead of that one. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A workload of the platform. */
export interface Workload {
  kind: "Deployment" | "StatefulSet" | "DaemonSet";
  namespace: string;
  name: string;
  /** Number of pods in the settings; for a DaemonSet, per node. */
  replicas: number;
}

/** The tests' operations on the cluster. */
export class TestCluster {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;

  constructor(
    readonly kubeConfig: KubeConfig,
    /** An image with a shell that the cluster can run. */
    readonly shellImage: string,
  ) {
    this.core = kubeConfig.makeApiClient(CoreV1Api);
    this.apps = kubeConfig.makeApiClient(AppsV1Api);
  }

  /** Makes a namespace, runs `work`, and removes the namespace. */
  async withNamespace<T>(name: string, work: () => Promise<T>, annotations: Record<string, string> = {}): Promise<T> {
    await this.createNamespace(name, annotations);
    try {
      return await work();
    } finally {
      await this.removeNamespace(name);
    }
  }

  async createNamespace(name: string, annotations: Record<string, string> = {}): Promise<void> {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await waitFor(`namespace ${name}`, 60, () =>
      this.core.createNamespace({ body: { metadata: { name, labels, annotations } } }),
    );
    // Until the controller has made it, the API server refuses pods.
    await waitFor(
      `service account of ${name}`,
      30,
      () => this.core.readNamespacedServiceAccount({ namespace: name, name: "default" }),
      100,
    );
  }

  /** Removes a namespace and everything in it, without waiting for the end. */
  async removeNamespace(name: string): Promise<void> {
    const ignoreGone = (error: unknown) => {
      if (codeOf(error) !== 404) throw error;
    };
    const { items } = await this.core.listNamespacedPod({ namespace: name });
    for (const { metadata } of items) {
      await this.core
        .deleteNamespacedPod({ namespace: name, name: metadata?.name ?? "", gracePeriodSeconds: 0 })
        .catch(ignoreGone);
    }
    await this.core.deleteNamespace({ name }).catch(ignoreGone);
  }

  /** Starts shell pods that satisfy Pod Security `restricted`, and waits until they run. */
  async runShells(namespace: string, pods: readonly ShellPod[]): Promise<void> {
    for (const pod of pods) await this.core.createNamespacedPod({ namespace, body: this.shellPod(pod) });
    await waitFor(`pods of ${namespace}`, 60, async () => {
      const { items } = await this.core.listNamespacedPod({ namespace });
      return items.every(isReady) ? true : undefined;
    });
  }

  /** A pod with a shell, as Pod Security restricted lets it run. */
  shellPod({ name, script, app, labels = { app: app ?? name }, annotations }: ShellPod): V1Pod {
    return {
      metadata: { name, labels, annotations },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 0,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "shell",
            image: this.shellImage,
            command: ["sh", "-c", script],
            resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    };
  }

  /** Runs a script in the shell of a pod, and returns its output. */
  async inShell(namespace: string, pod: string, script: string, container = "shell"): Promise<string> {
    const said = new PassThrough().setEncoding("utf8");
    let text = "";
    said.on("data", (more: string) => (text += more));
    await new Promise<void>((resolve, reject) => {
      const exec = new Exec(this.kubeConfig);
      exec
        .exec(namespace, pod, container, ["sh", "-c", script], said, said, null, false, () => resolve())
        .then((socket) => socket.on("error", reject), reject);
    });
    return text;
  }

  async pods(namespace: string): Promise<V1Pod[]> {
    return (await this.core.listNamespacedPod({ namespace })).items;
  }

  /**
   * Removes a pod, and kills what still runs in it after a second. With no grace at all the API server forgets the pod
   * at once: the next pod starts while the old processes still hold the locks on its volume.
   */
  async end({ metadata }: V1Pod): Promise<void> {
    const name = { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
    await this.core.deleteNamespacedPod({ ...name, gracePeriodSeconds: 1 }).catch((error: unknown) => {
      if (codeOf(error) !== 404) throw error; // it is already gone
    });
  }

  /** Deletes the pods of a workload, and waits until new ones are ready. */
  async restart(workload: Workload): Promise<void> {
    const before = (await this.podsOf(workload)).map(({ metadata }) => metadata?.uid);
    for (const { metadata } of await this.podsOf(workload)) {
      await this.core.deleteNamespacedPod({ namespace: workload.namespace, name: metadata?.name ?? "" });
    }
    await waitFor(`${workload.name} again`, 180, async () => {
      const now = await this.podsOf(workload);
      return now.length === before.length && now.every((pod) => isReady(pod) && !before.includes(pod.metadata?.uid))
        ? true
        : undefined;
    });
  }

  /**
   * Sets the number of replicas, and waits until exactly that many pods exist and are ready.
   * @param end ends the pods that are too many. Default: the cluster does, gracefully.
   */
  async scale(workload: Workload, replicas: number, end?: (pod: V1Pod) => Promise<void>): Promise<void> {
    const { namespace, name, kind } = workload;
    if (kind === "DaemonSet") throw new Error("a DaemonSet cannot be scaled");
    if (kind === "Deployment") {
      const scale = await this.apps.readNamespacedDeploymentScale({ namespace, name });
      await this.apps.replaceNamespacedDeploymentScale({ namespace, name, body: { ...scale, spec: { replicas } } });
    } else {
      const scale = await this.apps.readNamespacedStatefulSetScale({ namespace, name });
      await this.apps.replaceNamespacedStatefulSetScale({ namespace, name, body: { ...scale, spec: { replicas } } });
    }
    if (end !== undefined) await Promise.all((await this.podsOf(workload)).slice(replicas).map(end));
    await waitFor(`${name} with ${replicas} replicas`, 180, async () => {
      const pods = await this.podsOf(workload);
      return pods.length === replicas && pods.every(isReady) ? true : undefined;
    });
  }

  async podsOf(workload: Workload): Promise<V1Pod[]> {
    const { spec } = await this.read(workload);
    const labelSelector = Object.entries(spec?.selector.matchLabels ?? {})
      .map(([label, value]) => `${label}=${value}`)
      .join(",");
    return (await this.core.listNamespacedPod({ namespace: workload.namespace, labelSelector })).items;
  }

  /** The end of what a container's run before this one has said. */
  async lastWords(pod: { namespace?: string; name?: string }, container: string): Promise<string> {
    const [namespace, name] = [pod.namespace!, pod.name!];
    return this.core
      .readNamespacedPodLog({ namespace, name, container, previous: true, tailLines: 100 })
      .catch((error: unknown) => String(error));
  }

  private async read({ kind, namespace, name }: Workload): Promise<V1Deployment | V1StatefulSet | V1DaemonSet> {
    if (kind === "Deployment") return this.apps.readNamespacedDeployment({ namespace, name });
    if (kind === "StatefulSet") return this.apps.readNamespacedStatefulSet({ namespace, name });
    return this.apps.readNamespacedDaemonSet({ namespace, name });
  }

  /** The values of a Secret, decoded. */
  async secret(secret: { namespace: string; name: string }): Promise<Record<string, string>> {
    return (await secretContent(this.kubeConfig, secret)) as Record<string, string>;
  }

  /**
   * The API server's answer at a path. The library's own calls need an answer with content, and take a path in a pod
   * for a single name.
   */
  async ask(method: "GET" | "POST" | "PATCH", path: string, merge?: object): Promise<string> {
    const options: RequestOptions = {};
    await this.kubeConfig.applyToHTTPSOptions(options);
    const sent = request(`${this.kubeConfig.getCurrentCluster()?.server}${path}`, {
      ...options,
      method,
      headers: {
        ...options.headers,
        ...(merge === undefined ? {} : { "content-type": "application/merge-patch+json" }),
      },
    });
    sent.end(merge === undefined ? undefined : JSON.stringify(merge));
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    const content = await consumed(answer);
    if ((answer.statusCode ?? 500) >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${content}`);
    return content;
  }

  /**
   * Whether the cluster has the image of a program. A full run compiles those that not every run needs, but not for
   * kind, where images come from their registries.
   */
  async hasImage(program: ProgramName): Promise<boolean> {
    const { items } = await this.core.listNode();
    return items.some(({ status }) => status?.images?.some(({ names }) => names?.includes(imageName(program))));
  }

  async hasNamespace(name: string): Promise<boolean> {
    try {
      await this.core.readNamespace({ name });
      return true;
    } catch (error) {
      if (codeOf(error) === 404) return false;
      throw error;
    }
  }
}

export function isReady({ metadata, status }: V1Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True")
  );
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RbacAuthorizationV1Api, type KubernetesObject, type V1Pod } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { secretNames } from "../../domain/names";
import { imageName } from "../../local/cluster/imageName";
import { ruleGroups, type RuleGroup } from "../../render/monitoring/rules";
import { tokenKey } from "../../render/monitoring/scrapes";
import type { MonitoringSpec } from "../../render/monitoring/spec";
import { applyTo } from "./certManager";
import type { TestCluster } from "./cluster";
import { isReady } from "./cluster";
import { waitFor } from "./wait";

/** An alert as Prometheus tells it. */
export interface ActiveAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: "pending" | "firing";
}

/** A target that Prometheus scrapes. */
export interface Target {
  labels: Record<string, string>;
  health: "up" | "down" | "unknown";
  lastError: string;
}

const port = 9090;

/** A real Prometheus in a namespace, with the configuration of docs/monitoring.md and the stack's alerts. */
export class Prometheus {
  private constructor(
    private readonly cluster: TestCluster,
    private readonly namespace: string,
  ) {}

  /** @param changed the stack's rules as this Prometheus gets them. Default: unchanged */
  static async start(
    cluster: TestCluster,
    namespace: string,
    spec: MonitoringSpec,
    changed: (groups: RuleGroup[]) => RuleGroup[] = (groups) => groups,
  ): Promise<Prometheus> {
    const { [tokenKey]: token } = await cluster.secret({
      namespace: spec.namespaces.minio,
      name: secretNames.minioMetrics,
    });
    const rules = stringify({ groups: changed(ruleGroups(spec)) });
    for (const object of objects(namespace, token!, rules)) await applyTo(cluster, object);
    await waitFor("Prometheus", 120, async () => {
      const pod = await cluster.core.readNamespacedPod({ namespace, name: "prometheus" });
      return isReady(pod) ? true : undefined;
    });
    return new Prometheus(cluster, namespace);
  }

  /** Removes what is outside of its namespace. */
  async remove(): Promise<void> {
    const api = this.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
    await api.deleteClusterRoleBinding({ name: this.namespace });
  }

  async targets(): Promise<Target[]> {
    return (await this.get<{ activeTargets: Target[] }>("targets?state=active")).activeTargets;
  }

  async alerts(): Promise<ActiveAlert[]> {
    return (await this.get<{ alerts: ActiveAlert[] }>("alerts")).alerts;
  }

  /** The error of each rule that could not be evaluated. */
  async faultyRules(): Promise<string[]> {
    const { groups } = await this.get<{ groups: { rules: { name: string; lastError?: string }[] }[] }>("rules");
    const rules = groups.flatMap((group) => group.rules);
    if (rules.length === 0) throw new Error("Prometheus has no rules");
    return rules.flatMap(({ name, lastError }) => (lastError === undefined ? [] : [`${name}: ${lastError}`]));
  }

  /** Number of series that a query finds. */
  async count(query: string): Promise<number> {
    const { result } = await this.get<{ result: unknown[] }>(`query?${new URLSearchParams({ query }).toString()}`);
    return result.length;
  }

  private async get<T>(path: string): Promise<T> {
    const proxy = `/api/v1/namespaces/${this.namespace}/pods/prometheus:${port}/proxy`;
    return (JSON.parse(await this.cluster.ask("GET", `${proxy}/api/v1/${path}`)) as { data: T }).data;
  }
}

/** The configuration that docs/monitoring.md shows, with the rules and shorter intervals. */
function configuration(): object {
  const page = readFileSync(join(__dirname, "../../docs/monitoring.md"), "utf8");
  const shown = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
  return {
    global: { scrape_interval: "5s", evaluation_interval: "5s" },
    rule_files: ["/etc/prometheus/rules.yml"],
    ...(parse(shown) as object),
  };
}

function objects(namespace: string, token: string, rules: string): KubernetesObject[] {
  const metadata = { namespace, name: "prometheus" };
  const files = { "prometheus.yml": stringify(configuration()), "rules.yml": rules };
  const all: (KubernetesObject | V1Pod)[] = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: namespace },
      // It finds pods; `view` lets it.
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    } as KubernetesObject,
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: files } as KubernetesObject,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace, name: "minio" },
      stringData: { token },
    } as KubernetesObject,
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: {
        serviceAccountName: "prometheus",
        terminationGracePeriodSeconds: 0,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          fsGroup: 65534,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "prometheus",
            image: imageName("prometheus"),
            args: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/data"],
            readinessProbe: { httpGet: { path: "/-/ready", port }, periodSeconds: 2 },
            resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            volumeMounts: [
              { name: "config", mountPath: "/etc/prometheus" },
              { name: "minio", mountPath: "/etc/prometheus-minio" },
              { name: "data", mountPath: "/data" },
            ],
          },
        ],
        volumes: [
          { name: "config", configMap: { name: "prometheus" } },
          { name: "minio", secret: { secretName: "minio" } },
          { name: "data", emptyDir: {} },
        ],
      },
    },
  ];
  return all;
}

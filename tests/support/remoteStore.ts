import { openTunnel } from "../../cluster/tunnel";
import { isReady, type TestCluster } from "./cluster";
import { asStoreUser, type StoreUser } from "./store";
import { waitFor } from "./wait";

const name = "remote";
const port = 9000;
const keys = { accessKey: "remote-user", secretKey: "remote-secret" };

/** A second MinIO in the test's own namespace, in the role of a remote store. */
export class RemoteStore {
  readonly endpoint: string;
  /** Its credentials, with the keys of a tier's Secret. */
  readonly credentials = keys;

  private constructor(
    private readonly cluster: TestCluster,
    private readonly namespace: string,
  ) {
    this.endpoint = `http://${name}.${namespace}.svc:${port}`;
  }

  /** Starts one with an empty bucket. */
  static async start(cluster: TestCluster, namespace: string, image: string, bucket: string): Promise<RemoteStore> {
    await cluster.createNamespace(namespace);
    await cluster.core.createNamespacedService({
      namespace,
      body: { metadata: { name }, spec: { selector: { app: name }, ports: [{ port }] } },
    });
    await cluster.core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name, labels: { app: name } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 0,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            fsGroup: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "minio",
              image,
              command: ["/usr/bin/docker-entrypoint.sh", "minio", "server", "/data", "--address", `:${port}`],
              env: Object.entries({
                MINIO_ROOT_USER: keys.accessKey,
                MINIO_ROOT_PASSWORD: keys.secretKey,
                MINIO_PROMETHEUS_AUTH_TYPE: "public",
                HOME: "/data",
              }).map(([variable, value]) => ({ name: variable, value })),
              readinessProbe: { httpGet: { path: "/minio/health/ready", port }, periodSeconds: 2 },
              resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "512Mi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
          volumes: [{ name: "data", emptyDir: {} }],
        },
      },
    });
    await waitFor("the remote store", 120, async () =>
      (await cluster.pods(namespace)).every(isReady) ? true : undefined,
    );
    const store = new RemoteStore(cluster, namespace);
    await store.use(({ client }) => client.makeBucket(bucket));
    return store;
  }

  async use<T>(work: (user: StoreUser) => Promise<T>): Promise<T> {
    return asStoreUser(this.cluster, { minioUrl: this.endpoint, ...keys }, work);
  }

  /**
   * Makes a user with a policy, or gives an existing one another policy. With mc in the pod, because a request that
   * makes a user is encrypted.
   */
  async letUser({ accessKey, secretKey }: typeof keys, policy: string): Promise<void> {
    const said = await this.cluster.inShell(
      this.namespace,
      name,
      `export HOME=/tmp MC_CONFIG_DIR=/tmp/.mc MC_HOST_own=http://${keys.accessKey}:${keys.secretKey}@127.0.0.1:${port}
printf %s '${policy}' > /tmp/policy.json
mc admin policy create own ${accessKey} /tmp/policy.json && mc admin user add own ${accessKey} ${secretKey}
mc admin policy attach own ${accessKey} --user ${accessKey} || true
mc admin policy entities own --user ${accessKey}`,
      "minio",
    );
    if (!said.includes(`User: ${accessKey}`)) throw new Error(said);
  }

  /** How many requests for objects it has received. */
  async reads(): Promise<number> {
    const tunnel = await openTunnel({
      kubeConfig: this.cluster.kubeConfig,
      namespace: this.namespace,
      service: name,
      port,
      waitSeconds: 30,
    });
    try {
      const metrics = await (await fetch(`http://${tunnel.host}:${tunnel.port}/minio/v2/metrics/cluster`)).text();
      const series = metrics
        .split("\n")
        .filter((line) => line.startsWith("minio_s3_requests_total{") && line.includes('api="getobject"'));
      return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
    } finally {
      await tunnel.close();
    }
  }

  async remove(): Promise<void> {
    await this.cluster.removeNamespace(this.namespace);
  }
}

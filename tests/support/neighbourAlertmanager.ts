import { stringify } from "yaml";
import { imageName } from "../../local/cluster/imageName";
import { selfSigned } from "./certificates";
import { isReady, type TestCluster } from "./cluster";
import { waitFor } from "./wait";

const name = "alertmanager";
const port = 9093;
/** The hash of the password below, as bcrypt writes it. */
const passwordHash = "$2y$08$92IXUNpkjO0rOQ5byMi.Yey2JOAyPig1sksgidiu7zG3kr3qtnsHu";

/**
 * A real Alertmanager that is not the stack's: in a namespace of its own, with TLS and a login. It notifies one
 * webhook, at once.
 */
export class NeighbourAlertmanager {
  static readonly login = { username: "loki", password: "password" };

  constructor(
    private readonly cluster: TestCluster,
    private readonly namespace: string,
  ) {}

  /** Its address in the cluster. */
  get url(): string {
    return `https://${this.host}:${port}`;
  }

  private get host(): string {
    return `${name}.${this.namespace}.svc`;
  }

  /**
   * Makes its Service and its configuration, and not its pod yet.
   * @returns the authority of its certificate, as PEM
   */
  async prepare(webhook: string): Promise<string> {
    const { namespace } = this;
    const { certificate, key } = await selfSigned(this.host);
    await this.cluster.core.createNamespacedService({
      namespace,
      body: { metadata: { name }, spec: { selector: { app: name }, ports: [{ port }] } },
    });
    await this.cluster.core.createNamespacedSecret({
      namespace,
      body: {
        metadata: { name },
        stringData: {
          "tls.crt": certificate,
          "tls.key": key,
          "web.yaml": stringify({
            tls_server_config: { cert_file: "tls.crt", key_file: "tls.key" },
            basic_auth_users: { [NeighbourAlertmanager.login.username]: passwordHash },
          }),
          "alertmanager.yaml": stringify({
            route: { receiver: "sink", group_by: ["..."], group_wait: "1s" },
            receivers: [{ name: "sink", webhook_configs: [{ url: webhook }] }],
          }),
        },
      },
    });
    return certificate;
  }

  /** Starts its pod, and waits until it is ready. */
  async start(): Promise<void> {
    const { namespace } = this;
    await this.cluster.core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name, labels: { app: name } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 0,
          securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name,
              image: imageName("alertmanager"),
              args: [
                "--config.file=/etc/alertmanager/alertmanager.yaml",
                "--web.config.file=/etc/alertmanager/web.yaml",
                "--storage.path=/data",
                "--cluster.listen-address=",
              ],
              readinessProbe: { tcpSocket: { port }, periodSeconds: 2 },
              resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [
                { name: "config", mountPath: "/etc/alertmanager" },
                { name: "data", mountPath: "/data" },
              ],
            },
          ],
          volumes: [
            { name: "config", secret: { secretName: name } },
            { name: "data", emptyDir: {} },
          ],
        },
      },
    });
    await waitFor("the Alertmanager", 120, async () =>
      isReady(await this.cluster.core.readNamespacedPod({ namespace, name })) ? true : undefined,
    );
  }
}

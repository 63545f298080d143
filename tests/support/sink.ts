import type { TestCluster } from "./cluster";

/** A notification as Alertmanager sends it to a webhook. */
export interface Notification {
  status: "firing" | "resolved";
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string>; startsAt: string }[];
}

const name = "sink";
const port = 9000;

/** Keeps each request's body as a line of a file. Another address only redirects. */
const script = `mkdir -p /tmp/www/cgi-bin && cd /tmp/www
cat > cgi-bin/sink <<'EOF'
#!/bin/sh
body=$(head -c "$CONTENT_LENGTH")
printf '%s\\n' "$body" >> /tmp/received
printf 'Content-Type: text/plain\\r\\n\\r\\nkept\\n'
EOF
cat > cgi-bin/redirect <<'EOF'
#!/bin/sh
printf 'HTTP/1.0 302 Found\\r\\nLocation: https://alerts.example.com/\\r\\n\\r\\n'
EOF
chmod +x cgi-bin/*; touch /tmp/received
exec httpd -f -p ${port} -h /tmp/www`;

/** A small HTTP server in the test's own namespace, in the role of whom Alertmanager notifies. */
export class Sink {
  /** Port that it listens on. */
  static readonly port = port;

  constructor(
    private readonly cluster: TestCluster,
    private readonly namespace: string,
  ) {}

  get url(): string {
    return `http://${name}.${this.namespace}.svc:${port}/cgi-bin/sink`;
  }

  /** Starts it in a namespace that exists. */
  async start(): Promise<void> {
    await this.cluster.core.createNamespacedService({
      namespace: this.namespace,
      body: { metadata: { name }, spec: { selector: { app: name }, ports: [{ port }] } },
    });
    await this.cluster.runShells(this.namespace, [{ name, script }]);
  }

  /** What it has received so far, in order. */
  async received(): Promise<Notification[]> {
    const text = await this.cluster.inShell(this.namespace, name, "cat /tmp/received");
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as Notification);
  }

  /** How often it was told of an alert, by status. */
  async toldOf(alert: string, status: Notification["status"]): Promise<Notification[]> {
    return (await this.received()).filter((notification) =>
      notification.alerts.some((one) => one.status === status && one.labels.alertname === alert),
    );
  }
}

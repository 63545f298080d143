import type { Profile } from "../../config/settings";
import { exposed, someReceiver, someStore, someTier, type Overrides } from "../support/stack";

/** A stack that differs from its profile in what one choice brings. */
export interface Scenario {
  name: string;
  profile: Profile;
  overrides: Overrides;
}

const chart = (part: string) => ({ path: `/srv/charts/${part}.tgz` });

/** Pods on nodes of their own. */
const placed = {
  nodeSelector: { "example.com/pool": "logs" },
  tolerations: [{ key: "dedicated", operator: "Equal", value: "logs", effect: "NoSchedule" }],
  affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
  priorityClassName: "platform",
  podAnnotations: { "example.com/owner": "platform" },
  serviceAnnotations: { "service.kubernetes.io/topology-mode": "Auto" },
};
/** Components that every line of a pod passes, and one that takes lines from elsewhere. */
const components = `loki.process "shop" {
  forward_to = [loki.process.pods.receiver]

  stage.match {
    selector = "{namespace=\\"shop\\"}"

    stage.template {
      source   = "team"
      template = "{{ .app }}"
    }

    stage.labels {
      values = { team = "" }
    }
  }
}

loki.source.api "agents" {
  http {
    listen_port = 3500
  }
  forward_to = [loki.write.loki.receiver]
}
`;
const role = (name: string) => ({ "eks.amazonaws.com/role-arn": `arn:aws:iam::123456789012:role/${name}` });

export const scenarios: readonly Scenario[] = [
  {
    name: "tls",
    profile: "dev",
    overrides: { tls: { certificates: "cert-manager", issuer: "internal-ca" } },
  },
  {
    name: "tenants",
    profile: "prod",
    overrides: {
      gateway: { authentication: "basic", tenants: ["team-a", "team-b"] },
      alloy: { tenants: { shop: "team-a", web: "team-a", billing: "team.c" } },
    },
  },
  {
    name: "rotation",
    profile: "dev",
    overrides: {
      gateway: { authentication: "basic" },
      rotation: { gateway: 2, grafana: 2, lokiStore: 2, minioRoot: 2, unfinished: ["gateway", "grafana", "lokiStore"] },
    },
  },
  {
    name: "cold-tier",
    profile: "prod",
    overrides: { minio: { tier: someTier }, retention: { coldDays: 365 } },
  },
  {
    name: "ha-monolithic",
    profile: "prod",
    overrides: { topology: "ha-monolithic" },
  },
  {
    name: "air-gapped",
    profile: "prod",
    overrides: {
      images: { mirror: "registry.example.com/mirror", pullSecrets: ["registry-credentials"] },
      charts: { minio: chart("minio"), loki: chart("loki"), alloy: chart("alloy"), grafana: chart("grafana") },
    },
  },
  {
    name: "existing-namespaces",
    profile: "dev",
    overrides: {
      namespaces: { minio: "logs", loki: "logs", alloy: "logs", grafana: "logs" },
      existingNamespaces: ["minio", "loki", "alloy", "grafana"],
    },
  },
  {
    // The smallest cluster for prod: it may lose one node.
    name: "three-nodes",
    profile: "prod",
    overrides: { minio: { servers: 3 } },
  },
  {
    name: "ipv6",
    profile: "prod",
    overrides: { ipFamilies: ["IPv6"] },
  },
  {
    name: "openshift",
    profile: "prod",
    overrides: {
      fixedUserIds: false,
      dns: { service: "dns-default", namespace: "openshift-dns" },
      alloy: { seLinuxType: "spc_t" },
    },
  },
  {
    name: "monitoring",
    profile: "prod",
    overrides: {
      canary: { enabled: true },
      monitoring: {
        namespaces: ["monitoring"],
        prometheusUrl: "http://prometheus-operated.monitoring.svc:9090",
        serviceMonitors: "on",
        labels: ["release=kube-prometheus-stack"],
        runbookUrl: "https://git.example.com/logharbor/docs/runbooks",
      },
    },
  },
  {
    name: "eks",
    profile: "prod",
    overrides: {
      storageClass: "gp3",
      minio: placed,
      loki: {
        ...placed,
        serviceAccountAnnotations: role("loki"),
        envFromSecrets: ["proxy"],
        targetResources: { write: { memoryRequest: "2Gi", memoryLimit: "4Gi" }, gateway: { cpuRequest: "200m" } },
      },
      alloy: {
        nodeSelector: { "node-role.example.com/logs": "true" },
        tolerations: [{ key: "dedicated", operator: "Exists" }],
        priorityClassName: "platform",
        podAnnotations: { "example.com/owner": "platform" },
      },
      grafana: { ...placed, serviceAccountAnnotations: role("grafana"), podLabels: { team: "platform" } },
      alerts: { alertmanager: "own", own: { receivers: [someReceiver] } },
    },
  },
  {
    name: "own-s3",
    profile: "prod",
    overrides: { objectStore: someStore },
  },
  {
    name: "alerts",
    profile: "prod",
    overrides: { alerts: { alertmanager: "own", own: { receivers: [someReceiver] } } },
  },
  {
    name: "entries",
    profile: "dev",
    overrides: {
      alloy: {
        mask: { presets: ["jwt"], patterns: [{ name: "customer", expression: "customer=([0-9]{8})" }] },
        collect: "annotated",
        fields: ["trace_id", "user"],
        rules: [
          { name: "audit", action: "keep", pattern: "audit" },
          { name: "no-debug", action: "drop", namespace: "shop", level: "debug" },
          { name: "health", action: "sample", percent: 10, app: "web", pattern: "GET /healthz" },
        ],
        multiline: {
          annotation: true,
          rules: [
            { namespace: "shop", app: "web", preset: "java" },
            { container: "batch", firstLine: "^\\d{4}-\\d{2}-\\d{2} " },
          ],
        },
      },
    },
  },
  {
    name: "sources",
    profile: "dev",
    overrides: {
      gateway: { authentication: "basic", tenants: ["team-a"] },
      loki: {
        limits: {
          maxLineSizeKb: 64,
          cutLongLines: true,
          streamRateMb: 8,
          tenants: [{ name: "team-a", ingestionRateMb: 4, ingestionBurstSizeMb: 40, maxStreams: 1000 }],
        },
      },
      alloy: {
        events: { enabled: true },
        tenants: { shop: "team-b" },
        externalLabels: { cluster: "eu-1" },
        excludeNamespaces: ["kube-system"],
        hostFiles: [
          { app: "audit", path: "/var/log/kubernetes/audit/audit.log" },
          { app: "app", path: "/srv/app/logs/*.log" },
        ],
        journal: { enabled: true, path: "/run/log/journal" },
      },
    },
  },
  {
    name: "hatches",
    profile: "prod",
    overrides: {
      ingressNamespaces: ["agents"],
      values: {
        minio: { environment: { MINIO_BROWSER: "off" } },
        loki: {
          loki: { serviceLabels: { team: "platform" } },
          write: {
            extraContainers: [
              {
                name: "sidecar",
                image: "docker.io/library/busybox:1.38.0",
                resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "16Mi" } },
              },
            ],
          },
        },
        alloy: { alloy: { extraPorts: [{ name: "agents", port: 3500, targetPort: 3500, protocol: "TCP" }] } },
        grafana: { env: { TZ: "Europe/Berlin" } },
      },
      loki: { config: { querier: { tail_max_duration: "2h" } } },
      alloy: { pipeline: { components, process: "loki.process.shop" } },
      grafana: {
        envFromSecrets: ["github"],
        ini: { "auth.github": { enabled: true, client_id: "logs", client_secret: "$__env{GITHUB_SECRET}" } },
      },
    },
  },
  {
    name: "exposed",
    profile: "prod",
    overrides: exposed,
  },
  {
    name: "api-source",
    profile: "dev",
    overrides: { alloy: { source: "kubernetes-api" } },
  },
];

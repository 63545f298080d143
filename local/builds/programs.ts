/** A program of the local cluster that we compile from Go modules. */
export interface Program {
  /** The program's version, for people. */
  readonly version: string;
  /** Folder below local/builds/ that holds go.mod and go.sum. Parts of one folder share what they compile. */
  readonly module: string;
  /** The package to compile, as Go names it in that folder. */
  readonly package: string;
  /** Our own files and folders that it is made from, besides go.mod and go.sum, relative to the module's folder. */
  readonly sources: readonly string[];
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Variables that the linker sets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Folder of Go's module cache whose files we keep beside the program. */
  readonly keeps?: string;
  /** About how many minutes it compiles on two cores, after the programs before it. */
  readonly minutes: number;
}

const kubernetesVersion = "v1.34.3";
/** The version that a Kubernetes program reports. */
const kubernetesVariables = {
  "k8s.io/component-base/version.gitVersion": kubernetesVersion,
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "34",
  "k8s.io/client-go/pkg/version.gitVersion": kubernetesVersion,
};
const engineVersion = "v3.259.0";
/** The version of the npm package that this plugin belongs to. */
export const randomPluginVersion = "4.21.2";
export const kubernetesPluginVersion = "4.25.0";

/** Every program, in the order of compilation. */
export const programs = {
  kubernetes: {
    version: kubernetesVersion,
    module: "kubernetes",
    package: ".",
    sources: ["main.go"],
    variables: kubernetesVariables,
    minutes: 6.5,
  },
  coredns: { version: "v1.12.4", module: "kubernetes", package: "./coredns", sources: ["coredns"], minutes: 0.3 },
  "local-path-provisioner": {
    version: "v0.0.30",
    module: "kubernetes",
    package: "github.com/rancher/local-path-provisioner",
    sources: [],
    variables: { "main.VERSION": "v0.0.30" },
    minutes: 0.1,
  },
  pause: { version: "v1", module: "kubernetes", package: "./pause", sources: ["pause"], minutes: 0.1 },
  kubectl: {
    version: kubernetesVersion,
    module: "kubectl",
    package: ".",
    sources: ["main.go"],
    variables: kubernetesVariables,
    minutes: 0.5,
  },
  "network-policies": {
    version: "v2.1.0",
    module: "network-policies",
    package: ".",
    sources: ["main.go"],
    minutes: 0.5,
  },
  "cert-manager": {
    version: "v1.19.5",
    module: "cert-manager",
    package: ".",
    sources: ["main.go"],
    keeps: "github.com/cert-manager/cert-manager@v1.19.5/deploy/crds",
    minutes: 2.5,
  },
  // Without its pages, and with only the service discovery that the tests use: each one brings the client of a cloud.
  prometheus: {
    version: "v0.316.0",
    module: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    sources: [],
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
    minutes: 4.5,
  },
  promtool: {
    version: "v0.316.0",
    module: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/promtool",
    sources: [],
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
    minutes: 4,
  },
  // The newest version whose module holds its web interface, which newer ones build first.
  alertmanager: {
    version: "v0.31.1",
    module: "alertmanager",
    package: "github.com/prometheus/alertmanager/cmd/alertmanager",
    sources: [],
    variables: { "github.com/prometheus/common/version.Version": "0.31.1" },
    minutes: 1.5,
  },
  actionlint: {
    version: "v1.7.12",
    module: "actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    sources: [],
    variables: { "github.com/rhysd/actionlint.version": "v1.7.12" },
    minutes: 0.5,
  },
  pulumi: {
    version: engineVersion,
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    sources: [],
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": engineVersion },
    minutes: 5,
  },
  "minio-plugin": {
    version: "0.17.1",
    module: "pulumi",
    package: "logharbor/local/doubles/minio-plugin",
    sources: ["../../doubles/minio-plugin"],
    minutes: 0.2,
  },
  "kubernetes-provider": {
    version: kubernetesPluginVersion,
    module: "kubernetes-provider",
    package: ".",
    sources: ["main.go", "sdk"],
    variables: { "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": kubernetesPluginVersion },
    minutes: 3.5,
  },
  "random-provider": {
    version: randomPluginVersion,
    module: "pulumi",
    package: "./random-provider",
    sources: ["random-provider"],
    variables: { "main.version": randomPluginVersion },
    minutes: 1,
  },
  minio: { version: "2026-02-12", module: "minio", package: "github.com/minio/minio", sources: [], minutes: 2.5 },
  // MinIO's console depends on it, so by now all of it is compiled.
  mc: { version: "2025-03-13", module: "minio", package: "github.com/minio/mc", sources: [], minutes: 0.1 },
  loki: {
    version: "v3.7.6",
    module: "loki",
    package: "github.com/grafana/loki/v3/cmd/loki",
    sources: [],
    variables: { "github.com/grafana/loki/v3/pkg/util/build.Version": "v3.7.6" },
    minutes: 5.5,
  },
  "loki-canary": {
    version: "v3.7.6",
    module: "loki",
    package: "github.com/grafana/loki/v3/cmd/loki-canary",
    sources: [],
    variables: { "github.com/grafana/loki/v3/pkg/util/build.Version": "v3.7.6" },
    minutes: 0.3,
  },
  alloy: {
    version: "v1.18.1",
    module: "alloy",
    package: ".",
    sources: ["main.go", "run.go", "validate.go", "components.go", "discover", "profiler", "translator"],
    variables: { "github.com/grafana/alloy/internal/build.Version": "v1.18.1" },
    minutes: 5,
  },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;
export const programNames = Object.keys(programs) as ProgramName[];

/**
 * Arguments with which `go` compiles a program to `output`. We keep no debug information, so we don't make any: it
 * would cost a tenth of the time.
 */
export function buildArguments(program: Program, output: string): string[] {
  const tags = program.tags === undefined ? [] : [`-tags=${program.tags.join(",")}`];
  const variables = Object.entries(program.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "build",
    "-v",
    "-p",
    "2",
    "-trimpath",
    ...tags,
    "-gcflags=all=-dwarf=false",
    `-ldflags=${["-s -w", ...variables].join(" ")}`,
    "-o",
    output,
    program.package,
  ];
}

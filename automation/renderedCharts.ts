import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { CommandError, LocalWorkspace } from "@pulumi/pulumi/automation";
import { OperatorError, textOf } from "../domain/problem";
import { commandOf } from "./cli";
import { engineFailure } from "./engineError";

/** A chart to render, as a release names it. */
export interface ChartRequest {
  /** Name of the release. */
  name: string;
  namespace: string;
  /** A folder or file, an address that begins with `oci://`, or a name in `repository`. */
  chart: string;
  /** Whether `chart` is a folder or file. */
  local: boolean;
  version?: string;
  repository?: { repo: string; username?: string; password?: string; caFile?: string };
  values: Record<string, unknown>;
}

/** The engine that runs the provider. */
export interface Engine {
  /** Path of the Pulumi CLI, which is in a folder `bin`. Default: `pulumi` on the PATH. */
  cli?: string;
  /** Environment of the engine, added to this process's own. Default: none. */
  env?: Record<string, string>;
}

/** The cluster whose version and kinds the charts see. */
export interface RenderedFor {
  /** Content of a kubeconfig. Default: no cluster, but Kubernetes {@link assumedVersion} with its own kinds. */
  kubeconfig?: string;
  context?: string;
}

/** A Kubernetes object as a chart renders it. */
export type Manifest = Record<string, unknown>;

/** Version of Kubernetes where no cluster says another. */
export const assumedVersion = "1.34.3";

/** What the answer of an invoke has. */
interface Invoked {
  result: Manifest[];
}

/**
 * Renders charts, hooks included, and reads manifests of Helm's records, both by the provider that also installs them.
 * It works in a preview of an empty stack in a temporary folder: it needs no login and no passphrase, and it changes
 * nothing.
 * @throws OperatorError if a chart is not found or does not render
 */
export async function renderedCharts(
  { charts, manifests }: { charts: readonly ChartRequest[]; manifests: readonly string[] },
  { kubeconfig, context }: RenderedFor,
  { cli, env }: Engine,
): Promise<{ charts: Manifest[][]; manifests: Manifest[][] }> {
  const { Provider } = await import("@pulumi/kubernetes");
  const { runtime } = await import("@pulumi/pulumi");
  const folder = mkdtempSync(join(tmpdir(), "logharbor-diff-"));
  let charted: Manifest[][] = [];
  let decoded: Manifest[][] = [];
  let failure: Error | undefined;
  const program = async () => {
    // A kubeconfig that is none leaves the provider without a cluster, whatever this machine has.
    const provider = new Provider("cluster", { kubeconfig: kubeconfig ?? "none", context });
    const invoke = async (token: string, args: Record<string, unknown>) =>
      ((await runtime.invoke(`kubernetes:${token}`, args, { provider })) as unknown as Invoked).result;
    const render = async (request: ChartRequest) => {
      try {
        return await invoke("helm:template", {
          jsonOpts: JSON.stringify(optionsOf(request, kubeconfig !== undefined)),
        });
      } catch (error) {
        throw notRendered(request, textOf(error));
      }
    };
    try {
      // One after the other: Helm keeps the index of a repository in one file.
      for (const request of charts) charted = [...charted, await render(request)];
      for (const text of manifests) decoded = [...decoded, await invoke("yaml:decode", { text })];
    } catch (error) {
      failure = error instanceof Error ? error : new Error(textOf(error));
    }
  };
  try {
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "rendering", projectName: "logharbor-diff", program },
      {
        workDir: folder,
        pulumiCommand: await commandOf(cli),
        envVars: {
          PULUMI_SKIP_UPDATE_CHECK: "true",
          ...env,
          PULUMI_BACKEND_URL: `file://${folder}`,
          PULUMI_CONFIG_PASSPHRASE: "",
        },
      },
    );
    await stack.preview({ suppressProgress: true });
  } catch (error) {
    if (failure === undefined)
      throw error instanceof CommandError || !(error instanceof OperatorError)
        ? engineFailure({ operation: "Rendering the charts", text: textOf(error) })
        : error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (failure !== undefined) throw failure;
  return { charts: charted, manifests: decoded };
}

/** The options of the invoke, in the provider's own names. Helm installs CRDs once and never updates them. */
function optionsOf({ name, namespace, chart, local, version, repository, values }: ChartRequest, hasCluster: boolean) {
  return {
    release_name: name,
    namespace,
    values,
    skip_crd_rendering: true,
    ...(local ? { path: dirname(chart), chart: basename(chart) } : { chart, version }),
    ...(repository === undefined
      ? {}
      : {
          fetch_opts: {
            repo: repository.repo,
            username: repository.username,
            password: repository.password,
            ca_file: repository.caFile,
          },
        }),
    ...(hasCluster ? {} : { kube_version: assumedVersion }),
  };
}

function notRendered({ name, chart, repository, local }: ChartRequest, words: string): OperatorError {
  const from = repository === undefined ? "" : ` of ${withoutLogin(repository.repo)}`;
  const why = words.replace(
    /^invocation of \S+ returned an error: failed to generate YAML for specified Helm chart: /,
    "",
  );
  if (/failed to pull chart|failed to load chart|not a valid chart repository|cannot be reached/.test(why))
    return new OperatorError(`The chart ${withoutLogin(chart)}${from} can't be had: ${why}`, [
      ...(local
        ? [`check charts.${name}.path`]
        : [
            "check the network, or name a mirror: pulumi config set --path logharbor:charts." +
              `${name}.repository URL`,
          ]),
      "or give a folder with the charts: npm run diff -- --charts FOLDER",
    ]);
  return new OperatorError(`The chart of release ${name} does not render: ${why}`, [
    `its values come from the settings of ${name}, and the chart may not know one of them: check charts.${name}`,
  ]);
}

function withoutLogin(address: string): string {
  return address.replace(/\/\/[^/@]+@/, "//");
}

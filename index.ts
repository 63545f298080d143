import { passClusterGate } from "./changes/clusterGate";
import { passDangerGate } from "./changes/dangers/gate";
import { passOwnershipGate } from "./changes/ownership/gate";
import { findPrometheusOperator } from "./changes/prometheusOperator";
import { minioEndpoint, waitForMinio } from "./cluster/minioEndpoint";
import type { Tunnel } from "./cluster/tunnel";
import { LoggingStack } from "./components/loggingStack";
import { thisStack } from "./components/owner";
import { readChartPassword, readSettings } from "./config/reader";
import type { Danger } from "./domain/danger";
import { hasMinio } from "./domain/objectStore";
import type { StackOutputs } from "./render/outputs";

/** Options of one run of the program. */
interface ProgramArgs {
  /**
   * Whether the run changes the cluster or shows what would change, and so must pass the gates of ownership and
   * dangers. A refresh only reads, and repairs a state that these would refuse. Default: true.
   */
  changes?: boolean;
  /**
   * Called with each error that makes the program fail. The engine passes on only the error's text. Default: not
   * called.
   */
  onFailure?: (error: unknown) => void;
  /**
   * Called with the tunnel to MinIO. Who runs the program in a process that goes on closes it after the operation.
   * Default: it is open until the process ends.
   */
  onTunnel?: (tunnel: Tunnel) => void;
  /** Called with each danger that the setting `allow` accepts. Default: not called. */
  onAccepted?: (danger: Danger) => void;
}

/**
 * The program. It reads the stack's config, checks that this is the stack's cluster, nothing of others is taken over
 * and nothing stored is lost, builds the platform, and exports where to find things.
 */
async function program({
  changes = true,
  onFailure = () => undefined,
  onTunnel = () => undefined,
  onAccepted,
}: ProgramArgs = {}): Promise<StackOutputs> {
  const noted = async <T>(work: Promise<T>): Promise<T> => {
    work.catch(onFailure);
    return work;
  };
  const build = async (): Promise<StackOutputs> => {
    const settings = readSettings();
    const cluster = await passClusterGate(thisStack().stack);
    if (changes) await passOwnershipGate(settings, thisStack());
    if (changes) await passDangerGate(settings, thisStack(), onAccepted);
    const prometheusOperator = await findPrometheusOperator(settings);
    const endpoint = hasMinio(settings.objectStore) ? await minioEndpoint(settings, onTunnel) : undefined;
    const stack = new LoggingStack("logharbor", {
      settings,
      minioEndpoint: endpoint,
      prometheusOperator,
      chartPassword: readChartPassword(),
      minioReachable: endpoint === undefined ? undefined : () => noted(waitForMinio(endpoint, settings)),
    });
    return { ...stack.outputs, ...(cluster === undefined ? {} : { cluster }) };
  };
  return noted(build());
}

export = program;

import { passDangerGate } from "./changes/dangers/gate";
import { minioEndpoint, waitForMinio } from "./cluster/minioEndpoint";
import { passOwnershipGate } from "./changes/ownership/gate";
import { LoggingStack } from "./components/loggingStack";
import { readSettings } from "./config/reader";
import type { StackOutputs } from "./render/outputs";

/** How the program is run. */
interface ProgramArgs {
  /**
   * Whether the run may change the cluster, or shows what would change; a refresh only reads, and mends a state that
   * the gates refuse. Default: true.
   */
  changes?: boolean;
}

/**
 * The program: read the stack's config, see that nothing of others is taken over and nothing stored is lost, build the
 * platform, export where things are.
 */
async function program({ changes = true }: ProgramArgs = {}): Promise<StackOutputs> {
  const settings = readSettings();
  if (changes) await passOwnershipGate(settings);
  if (changes) await passDangerGate(settings);
  const endpoint = await minioEndpoint(settings);
  const stack = new LoggingStack("logharbor", {
    settings,
    minioEndpoint: endpoint,
    minioReachable: () => waitForMinio(endpoint, settings),
  });
  return stack.outputs;
}

export = program;

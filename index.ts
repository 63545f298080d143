import { passDangerGate } from "./changes/dangers/gate";
import { passOwnershipGate } from "./changes/ownership/gate";
import { minioEndpoint, waitForMinio } from "./cluster/minioEndpoint";
import { LoggingStack } from "./components/loggingStack";
import { thisStack } from "./components/owner";
import { readSettings } from "./config/reader";
import type { StackOutputs } from "./render/outputs";

/** How the program is run. */
interface ProgramArgs {
  /**
   * Whether the run may change the cluster, or shows what would change; a refresh only reads, and repairs a state that
   * the gates refuse. Default: true.
   */
  changes?: boolean;
  /** Gets each error with which the program fails; the engine passes on its text alone. Default: nobody. */
  onFailure?: (error: unknown) => void;
}

/**
 * The program: read the stack's config, see that nothing of others is taken over and nothing stored is lost, build the
 * platform, export where things are.
 */
async function program({ changes = true, onFailure = () => undefined }: ProgramArgs = {}): Promise<StackOutputs> {
  const noted = async <T>(work: Promise<T>): Promise<T> => {
    work.catch(onFailure);
    return work;
  };
  const build = async (): Promise<StackOutputs> => {
    const settings = readSettings();
    if (changes) await passOwnershipGate(settings, thisStack());
    if (changes) await passDangerGate(settings, thisStack());
    const endpoint = await minioEndpoint(settings);
    const stack = new LoggingStack("logharbor", {
      settings,
      minioEndpoint: endpoint,
      minioReachable: () => noted(waitForMinio(endpoint, settings)),
    });
    return stack.outputs;
  };
  return noted(build());
}

export = program;

import { passDangerGate } from "./automation/dangerGate";
import { minioEndpoint, waitForMinio } from "./automation/minioEndpoint";
import { passOwnershipGate } from "./automation/ownershipGate";
import { LoggingStack } from "./components/loggingStack";
import { readSettings } from "./config/reader";
import type { StackOutputs } from "./render/outputs";

/** The program: read the stack's config, see that nothing of others is taken over and nothing stored is lost, build the platform, export where things are. */
async function program(): Promise<StackOutputs> {
  const settings = readSettings();
  await passOwnershipGate(settings);
  await passDangerGate(settings);
  const endpoint = await minioEndpoint(settings);
  const stack = new LoggingStack("logharbor", { settings, minioEndpoint: endpoint, minioReachable: () => waitForMinio(endpoint, settings) });
  return stack.outputs;
}

export = program;

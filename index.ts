import { minioEndpoint, waitForMinio } from "./automation/minioEndpoint";
import { LoggingStack } from "./components/loggingStack";
import { readSettings } from "./config/reader";
import type { StackOutputs } from "./render/outputs";

/** The program: read the stack's config, build the platform, export where things are. */
async function program(): Promise<StackOutputs> {
  const settings = readSettings();
  const endpoint = await minioEndpoint(settings);
  const stack = new LoggingStack("logharbor", { settings, minioEndpoint: endpoint, minioReachable: () => waitForMinio(endpoint, settings) });
  return stack.outputs;
}

export = program;

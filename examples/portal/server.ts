import { newest, openLoki, openStack } from "logharbor/automation";
import { driftOf } from "logharbor/drift";
import { createPortal, type PortalStack } from "./portal";

const hourNs = 3_600_000_000_000n;

/** Opens a stack whose files are in the working directory. */
async function open(name: string): Promise<PortalStack> {
  const stack = await openStack({ name, workDir: process.cwd() }, { create: true });
  return {
    start: (operation, options) => stack.start(operation, options),
    outputs: async () => stack.outputs(),
    doctor: async () => stack.doctor(),
    drift: async () => driftOf(stack),
    logs: async (query, limit) => {
      const loki = await openLoki(await stack.settings(), await stack.kubeConfig());
      try {
        const end = BigInt(Date.now()) * 1_000_000n;
        return await newest(loki, { query, start: end - hourNs, end, limit, pageLines: limit });
      } finally {
        await loki.close();
      }
    },
  };
}

async function main(): Promise<void> {
  const { PORTAL_TOKEN: token = "", PORTAL_STACKS: stacks = "dev", PORT: port = "8080" } = process.env;
  if (token.length < 20) throw new Error("PORTAL_TOKEN needs at least 20 characters: openssl rand -hex 20");
  const portal = createPortal({ token, stacks: stacks.split(","), open });
  console.log(await portal.listen({ host: "127.0.0.1", port: Number(port) }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

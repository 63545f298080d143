import type { KubeConfig } from "@kubernetes/client-node";
import type { ConfigMap, OpMap, Stack } from "@pulumi/pulumi/automation";
import { restartTogether } from "../cluster/restartTogether";
import type { Settings } from "../config/settings";
import { OperatorError } from "../domain/problem";
import type { Print } from "./journal";
import { changeGrafana } from "./grafanaPassword";
import type { Rotating } from "./rotation";

const key = "logharbor:rotation";

/** What {@link rotatingStack} works with. */
interface RotatingStackArgs {
  /** The opened stack. */
  opened: {
    settings(): Promise<Settings>;
    kubeConfig(): Promise<KubeConfig>;
    up(): Promise<{ changes: OpMap }>;
  };
  /** The same, as the Automation API has it. */
  stack: Pick<Stack, "setAllConfig" | "removeConfig">;
  /** Called after each change of the stack's file. */
  onConfig: () => void;
  /** Config that is given for this run only. */
  overrides?: Readonly<Record<string, string>>;
  print: Print;
}

/**
 * A stack as a rotation needs it.
 * @throws OperatorError if the config that is given for this run only contains the rotation
 */
export function rotatingStack({ opened, stack, onConfig, overrides = {}, print }: RotatingStackArgs): Rotating {
  if (Object.keys(overrides).some((given) => given === key || given.startsWith(`${key}.`)))
    throw new OperatorError(
      `${key} is given for this run only, but a rotation must be written to the stack's file.`,
      "leave it out of the config of this run",
    );
  return {
    settings: async () => opened.settings(),
    begin: async (rotation) => {
      await stack.setAllConfig(rotationConfig(rotation), true);
      onConfig();
    },
    end: async () => {
      await stack.removeConfig(`${key}.unfinished`, true);
      onConfig();
    },
    up: async (restarts) => {
      const { minio } = (await opened.settings()).namespaces;
      return restarts
        ? restartTogether(await opened.kubeConfig(), { namespace: minio, name: "minio" }, opened.up())
        : opened.up();
    },
    changeGrafana: async () => changeGrafana(await opened.settings(), await opened.kubeConfig()),
    print,
  };
}

/** Settings of a rotation as config values, by their paths. Pure. */
export function rotationConfig({ unfinished = [], ...generations }: Partial<Settings["rotation"]>): ConfigMap {
  const values = [
    ...Object.entries(generations).map(([name, number]) => [`${key}.${name}`, String(number)] as const),
    ...unfinished.map((name, index) => [`${key}.unfinished[${index}]`, name] as const),
  ];
  return Object.fromEntries(values.map(([path, value]) => [path, { value }]));
}

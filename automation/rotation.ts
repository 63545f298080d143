import type { OpMap } from "@pulumi/pulumi/automation";
import type { Settings } from "../config/settings";
import { wordFor, type Credential } from "../domain/credentials";
import { OperatorError, textOf } from "../domain/problem";
import { credentialsOf } from "../render/rotation";
import { changeCount } from "./engineProgress";
import type { Print } from "./journal";

/** What a rotation did. */
export interface Rotation {
  /** Credentials whose old generation is no longer valid. */
  done: Credential[];
  /** Credentials of which both generations stay valid, until a second run. */
  waiting: Credential[];
  /** The tenants that the second run waits for: their clients are not part of the platform. */
  tenants: readonly string[];
}

/** What a rotation needs of a stack. */
export interface Rotating {
  /** Settings in force. */
  settings(): Promise<Settings>;
  /** Raises generations and notes that they are not finished, in one write to the stack's file. */
  begin(rotation: Partial<Settings["rotation"]>): Promise<void>;
  /** Notes in the stack's file that nothing is unfinished. */
  end(): Promise<void>;
  /** Makes the cluster match the settings. `restarts`: whether MinIO's servers must restart together. */
  up(restarts: boolean): Promise<{ changes: OpMap }>;
  /** Makes Grafana accept the new password of its administrator. */
  changeGrafana(): Promise<void>;
  print: Print;
}

/**
 * Renews credentials. First the new generation becomes valid beside the old and its readers restart with it; then the
 * old one is removed. Continues a rotation that was interrupted before it begins another. If the gateway has further
 * tenants, it stops between the two steps, because their clients need time.
 * @param wanted default: all that the stack has
 * @throws OperatorError if the stack lacks a wanted credential, or a step failed: which credentials are then valid
 */
export async function rotate(stack: Rotating, wanted?: readonly Credential[]): Promise<Rotation> {
  const settings = await stack.settings();
  const present = credentialsOf(settings);
  const absent = (wanted ?? []).filter((credential) => !present.includes(credential));
  if (absent.length > 0)
    throw new OperatorError(`This stack has no ${words(absent)} credentials.`, `it has ${words(present)}`);

  const { unfinished } = settings.rotation;
  if (unfinished.length > 0) {
    stack.print(`continuing an earlier rotation: ${words(unfinished)}`);
    const earlier = await twoSteps(stack, unfinished);
    if (earlier.waiting.length > 0) return earlier;
  }
  const fresh = (wanted ?? present).filter((credential) => !unfinished.includes(credential));
  if (fresh.length === 0) return { done: unfinished, waiting: [], tenants: [] };
  await stack.begin(nextGenerations(settings, fresh));
  const { done, ...rest } = await twoSteps(stack, fresh);
  return { done: [...unfinished, ...done], ...rest };
}

/** The settings that begin a rotation. Pure. */
export function nextGenerations(
  { rotation }: Pick<Settings, "rotation">,
  names: readonly Credential[],
): Partial<Settings["rotation"]> {
  return { ...Object.fromEntries(names.map((name) => [name, rotation[name] + 1])), unfinished: [...names] };
}

async function twoSteps(stack: Rotating, names: Credential[]): Promise<Rotation> {
  const { gateway, grafana } = await stack.settings();
  stack.print(`step 1 of 2: the new ${words(names)} beside the old; what reads them restarts`);
  const { changes } = await explained(
    `The rotation of ${words(names)} stopped in step 1 of 2. Old and new are both valid, so nothing is refused.`,
    "run the same command again: it continues from there",
    async () => {
      const result = await stack.up(names.includes("minioRoot"));
      if (names.includes("grafana") && grafana.enabled) await stack.changeGrafana();
      return result;
    },
  );
  // A second run changes nothing in step 1, and so goes on.
  if (names.includes("gateway") && gateway.tenants.length > 0 && changeCount(changes) > 0)
    return { done: [], waiting: names, tenants: gateway.tenants };

  stack.print(`step 2 of 2: removing the old`);
  await stack.end();
  await explained(
    `The new ${words(names)} are in use, but removing the old stopped in step 2 of 2.`,
    "run npm run up, which removes them",
    async () => stack.up(false),
  );
  return { done: names, waiting: [], tenants: [] };
}

async function explained<T>(problem: string, remedy: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new OperatorError(`${problem}\n${textOf(error)}`, remedy, { cause: error });
  }
}

function words(names: readonly Credential[]): string {
  return names.map(wordFor).join(", ");
}

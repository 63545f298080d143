import type { Settings } from "../../config/settings";
import { generationNamed, wordFor, type Credential } from "../../domain/credentials";
import type { Danger } from "../../domain/danger";
import { secretNames } from "../../domain/names";
import { annotatedGeneration } from "../../render/rotation";
import type { Existing } from "./existing";

/**
 * Other passwords at the gateway, without those of before beside them: by hand, or because the stack's file is older
 * than the stack. Alloy does not repeat a push that is refused (401), and drops its lines.
 */
export function swappedPasswords({ loki }: Existing, settings: Settings): Danger[] {
  const gateway = loki.workloads.find(({ name }) => name === "loki-gateway");
  const mounted =
    gateway?.mountedSecrets?.flatMap((name) => generationNamed(secretNames.gatewayUsers, name) ?? []) ?? [];
  if (mounted.length === 0 || settings.gateway.authentication === "none") return [];
  const was = Math.max(...mounted);
  return swapped("gateway", was, settings).map((generations) => ({
    key: "rotation.gateway",
    problem:
      `${generations}: until Alloy has restarted on every node, the gateway would refuse its pushes, and those ` +
      "lines would be lost",
    remedy: rotateInstead("gateway", was),
    allow: "passwords-swapped",
  }));
}

/** Another root password of a distributed MinIO. Its servers log in to each other with it. */
export function swappedRoot({ minio }: Existing, settings: Settings): Danger[] {
  const servers = minio.workloads.find(({ kind, name }) => kind === "StatefulSet" && name === "minio");
  if (servers === undefined) return [];
  const was = annotatedGeneration("minioRoot", servers.podAnnotations);
  return swapped("minioRoot", was, settings).map((generations) => ({
    key: "rotation.minioRoot",
    problem:
      `${generations}: MinIO servers with different passwords cannot form one cluster, and up would change ` +
      "them one at a time and stop at the first",
    remedy: rotateInstead("minioRoot", was),
  }));
}

/** Says what changes if neither this generation is in use nor, in a rotation, the one before it. */
function swapped(credential: Credential, was: number, { rotation }: Settings): string[] {
  const is = rotation[credential];
  const rotates = rotation.unfinished.includes(credential) && was === is - 1;
  return was === is || rotates ? [] : [`is ${is}, but ${was} is in use`];
}

function rotateInstead(credential: Credential, was: number): string {
  return `set it back to ${was}, then: npm run rotate -- --what ${wordFor(credential)}`;
}

import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { outputsOf } from "../render/outputs";
import type { Facts } from "./facts";
import { redacted, redactedValue } from "./redact";
import type { Diagnosis } from "./report";

/** A file of the bundle. */
export interface BundleFile {
  name: string;
  text: string;
}

/**
 * What to send along with a question: findings, versions, settings, states and recent logs of the platform. Nothing in
 * it looks like a secret. Pure.
 */
export function bundleFiles(facts: Facts, diagnosis: Diagnosis): BundleFile[] {
  const { at, homes, nodes = [], settings, store, unseen, volumes } = facts;
  const states = Object.entries(homes).map(([part, home]) => [
    part,
    {
      namespace: home.namespace,
      pods: (home.pods ?? []).map(({ metadata, spec, status }) => ({
        name: metadata?.name,
        node: spec?.nodeName,
        phase: status?.phase,
        images: spec?.containers.map(({ image }) => image),
        conditions: status?.conditions?.map(({ type, status: value, reason, message }) => [
          type,
          value,
          reason,
          message,
        ]),
        containers: status?.containerStatuses?.map(({ name, restartCount, state, lastState }) => ({
          name,
          restartCount,
          state,
          lastState,
        })),
      })),
      claims: (home.claims ?? []).map(({ metadata, status }) => [metadata?.name, status?.phase]),
      releases: home.releases,
      services: [...(home.services ?? [])],
      secrets: [...(home.secrets ?? [])].map(([name, changed]) => [name, changed]),
      policies: (home.policies ?? []).map(({ metadata, spec }) => [metadata?.name, spec]),
      events: (home.events ?? []).map(({ lastTimestamp, involvedObject, reason, message }) => [
        lastTimestamp,
        `${involvedObject.kind}/${involvedObject.name}`,
        reason,
        message,
      ]),
    },
  ]);
  const json = (name: string, value: unknown): BundleFile => ({
    name,
    text: JSON.stringify(redactedValue(JSON.parse(JSON.stringify(value))), undefined, 2),
  });
  const logs = Object.entries(homes).flatMap(([part, { logs: containers }]) =>
    [...containers].map(([container, text]) => ({
      name: `logs/${part}/${container.replace("/", ".")}.log`,
      text: redacted(text),
    })),
  );
  return [
    json("diagnosis.json", diagnosis),
    json("versions.json", {
      at,
      stack: outputsOf(settings).versions,
      nodes: nodes.map(({ metadata, status }) => [
        metadata?.name,
        status?.nodeInfo?.kubeletVersion,
        status?.nodeInfo?.osImage,
      ]),
    }),
    json("settings.json", settings),
    json("states.json", Object.fromEntries(states)),
    json("store.json", {
      buckets: [...(store.buckets ?? [])],
      drives: store.drives,
      existing: store.existing,
      volumes,
    }),
    json("unseen.json", unseen),
    ...logs,
  ];
}

/** Writes the files as a gzipped tar. @throws an error of the file system */
export async function writeBundle(path: string, files: readonly BundleFile[]): Promise<void> {
  const archive = pack();
  for (const { name, text } of files) archive.entry({ name: `logharbor-doctor/${name}` }, text);
  archive.finalize();
  // Nobody else on this machine needs to read it.
  await pipeline(archive, createGzip(), createWriteStream(path, { mode: 0o600 }));
}

import { isDeepStrictEqual } from "node:util";
import type { KubeApi, Write } from "../cluster/kubeApi";
import type { Store } from "../cluster/store";
import { objectAt, without, type JsonObject } from "../diff/json";
import { opened } from "../diff/sealed";
import { thingKey, type Thing } from "../diff/thing";
import { codeOf, OperatorError, textOf } from "../domain/problem";
import { comparison } from "./comparison";
import { ObjectPaths } from "./gather/live";
import { policiesFor } from "./gather/store";
import type { LiveObject, Pair } from "./objects";
import { ownManager } from "./writers";

/**
 * Puts objects of the program back, as Pulumi's provider applies them and under its name, so that the fields are its
 * own again: it refuses to change a field that somebody else has taken. Makes those that are gone.
 * @param managers with which name the provider writes to each, by the object's key
 */
export async function putBackOwn(
  api: KubeApi,
  pairs: readonly Pair[],
  managers: ReadonlyMap<string, string>,
): Promise<void> {
  const paths = new ObjectPaths(api);
  for (const { wanted } of pairs) {
    const path = await paths.of(wanted);
    if (path === undefined) continue;
    const manager = managers.get(thingKey(wanted)) ?? ownManager;
    const live = await write(api, wanted, {
      method: "PATCH",
      path: `${path}?force=true&fieldManager=${manager}`,
      type: "application/apply-patch+yaml",
      content: applied(wanted),
    });
    // What is applied leaves alone what others added.
    await putRight(api, path, { wanted, live });
  }
}

/** Puts objects of charts back that are there: Helm would leave alone what others added, or see no change at all. */
export async function putBackCharts(api: KubeApi, pairs: readonly Pair[]): Promise<void> {
  const paths = new ObjectPaths(api);
  for (const pair of pairs) {
    const path = await paths.of(pair.wanted);
    if (path !== undefined) await putRight(api, path, pair);
  }
}

/**
 * Puts buckets and users in MinIO back: buckets without a policy and without further versions, users that may log in
 * and have their own policies only.
 * @param wanted everything that the stack made in MinIO
 */
export async function putBackStore(
  { client, change }: Store,
  things: readonly Thing[],
  wanted: readonly Thing[],
): Promise<void> {
  for (const { kind, name } of things) {
    if (kind === "S3Bucket") {
      await client.setBucketPolicy(name, "");
      const { Status: versioning } = (await client.getBucketVersioning(name)) as { Status?: string };
      if (versioning === "Enabled") await client.setBucketVersioning(name, { Status: "Suspended" });
    } else {
      const policies = encodeURIComponent(policiesFor(name, wanted).join());
      await change("set-user-status", `accessKey=${name}&status=enabled`);
      await change("set-user-or-group-policy", `isGroup=false&policyName=${policies}&userOrGroup=${name}`);
    }
  }
}

/** The API server refuses it if the object has changed meanwhile: `metadata` still says which version it was. */
async function putRight(api: KubeApi, path: string, { wanted, live = {} }: Pair): Promise<void> {
  const right = comparison(wanted.content, live).right as LiveObject;
  if (isDeepStrictEqual(right, live)) return;
  const content = { ...right, metadata: without(objectAt(right, "metadata"), "managedFields") };
  await write(api, wanted, {
    method: "PUT",
    path: `${path}?fieldManager=${ownManager}`,
    type: "application/json",
    content,
  });
}

async function write(api: KubeApi, thing: Thing, request: Write): Promise<LiveObject> {
  try {
    return await api.write<LiveObject>(request);
  } catch (error) {
    const what = `${thingKey(thing)} differs from what was deployed and can't be put back`;
    if (codeOf(error) === 409)
      throw new OperatorError(`${what}: it changed meanwhile.`, "run the same command again: it continues from there");
    throw new OperatorError(`${what}: ${textOf(error)}`, [
      "npm run drift shows what differs: put it back by hand, or take it over into the settings",
      "npm run preflight lists the rights that are missing",
    ]);
  }
}

function applied({ name, namespace, content }: Thing): JsonObject {
  const object = opened(content) as JsonObject;
  const metadata = { ...objectAt(object, "metadata"), name, ...(namespace === undefined ? {} : { namespace }) };
  return { ...object, metadata };
}

import { isDeepStrictEqual } from "node:util";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../../config/settings";
import { codeOf } from "../../domain/problem";
import { openStore, type Store } from "../../cluster/store";
import { isObject, listAt, objectAt, textAt, type Json, type JsonObject } from "../../diff/json";
import { opened, Sealed, type Open } from "../../diff/sealed";
import type { Thing } from "../../diff/thing";

/** What Pulumi's provider was given for an object. */
type Inputs = { [key: string]: Open };

/**
 * What MinIO holds of the objects that a stack made there, in the words of what was wanted. An object that is gone is
 * left out. Rejects if MinIO does not answer.
 */
export async function storeThings(
  kubeConfig: KubeConfig,
  settings: Settings,
  wanted: readonly Thing[],
): Promise<Thing[]> {
  if (wanted.length === 0) return [];
  const store = await openStore(kubeConfig, settings);
  try {
    return await thingsIn(store, wanted);
  } finally {
    await store.close();
  }
}

/** The same of a MinIO that is open. */
export async function thingsIn(store: Store, wanted: readonly Thing[]): Promise<Thing[]> {
  const found = await Promise.all(
    wanted.map(async (thing): Promise<Thing[]> => {
      const content = await contentOf(store, thing, wanted);
      return content === undefined ? [] : [{ ...thing, content }];
    }),
  );
  return found.flat();
}

async function contentOf(store: Store, thing: Thing, wanted: readonly Thing[]): Promise<Open | undefined> {
  const inputs = thing.content as Inputs;
  const clear = opened(thing.content);
  switch (thing.kind) {
    case "S3Bucket":
      return bucketContent(store, thing.name, inputs);
    case "IlmPolicy":
      return lifecycleContent(store, thing.name, inputs);
    case "IamPolicy": {
      const policy = await store.admin("info-canned-policy", `name=${thing.name}`);
      if (policy === undefined) return undefined;
      return isSamePolicy(policy, textAt(clear, "policy") ?? "{}") ? inputs : { ...inputs, policy: compact(policy) };
    }
    case "IamUser":
      return userContent(store, thing, policiesFor(thing.name, wanted));
    case "IamUserPolicyAttachment": {
      const user = await userNamed(store, textAt(clear, "userName") ?? "");
      return user?.policies.includes(textAt(clear, "policyName") ?? "") === true ? inputs : undefined;
    }
    default:
      // What we can't look at is as it was.
      return inputs;
  }
}

/** A bucket of the stack has no policy of its own and keeps no versions; its ACL `private` says so. */
async function bucketContent({ client }: Store, bucket: string, inputs: Inputs): Promise<Open | undefined> {
  if (!(await client.bucketExists(bucket))) return undefined;
  const policy = await absentIf("NoSuchBucketPolicy", client.getBucketPolicy(bucket));
  const { Status: versioning } = (await client.getBucketVersioning(bucket)) as { Status?: string };
  return {
    ...inputs,
    ...(policy === undefined || policy === "" ? {} : { policy: compact(policy) }),
    ...(versioning === "Enabled" ? { versioning } : {}),
  };
}

async function lifecycleContent({ client }: Store, bucket: string, inputs: Inputs): Promise<Open | undefined> {
  const answer = (await absentIf("NoSuchLifecycleConfiguration", client.getBucketLifecycle(bucket))) as
    Json | undefined;
  if (answer === undefined || answer === null) return undefined;
  const rules = [isObject(answer) ? (answer.Rule ?? []) : []].flat().map(ruleOf);
  return { ...inputs, rules };
}

/** A rule of a lifecycle in the words of Pulumi's provider; what that has no word for, in S3's own. */
function ruleOf(rule: Json): Json {
  const { ID = "", Status, Filter, NoncurrentVersionExpiration, ...rest } = isObject(rule) ? rule : {};
  const days = objectAt(NoncurrentVersionExpiration).NoncurrentDays;
  const prefix = textAt(Filter, "Prefix") ?? "";
  return {
    id: ID,
    ...(days === undefined ? {} : { noncurrentVersionExpirationDays: Number(days) }),
    ...(prefix === "" ? {} : { filter: prefix }),
    ...(Status === "Enabled" ? {} : { status: Status ?? "" }),
    ...rest,
  };
}

/** Whether two policies say the same: MinIO sorts lists, and writes a single value as a list. */
export function isSamePolicy(a: string, b: string): boolean {
  const sorted = (policy: string) =>
    listAt(JSON.parse(policy) as Json, "Statement")
      .map((statement) =>
        Object.entries(statement as JsonObject).map(([key, value]) => [
          key,
          Array.isArray(value)
            ? [...value].map(String).sort()
            : key === "Action" || key === "Resource"
              ? [value]
              : value,
        ]),
      )
      .map((entries) => JSON.stringify([...entries].sort()))
      .sort();
  return isDeepStrictEqual(sorted(a), sorted(b));
}

/** The policies that a user should have. Pure. */
export function policiesFor(user: string, wanted: readonly Thing[]): string[] {
  return wanted
    .filter(({ kind }) => kind === "IamUserPolicyAttachment")
    .map(({ content }) => opened(content))
    .flatMap((content) => (textAt(content, "userName") === user ? (textAt(content, "policyName") ?? []) : []));
}

async function userContent(
  store: Store,
  { name, content }: Thing,
  policies: readonly string[],
): Promise<Open | undefined> {
  const user = await userNamed(store, name);
  if (user === undefined) return undefined;
  const secretKey = textAt(opened(content), "secret");
  const further = user.policies.filter((policy) => policy !== "" && !policies.includes(policy));
  // A user that is disabled has no login to try.
  const isOther = user.enabled && secretKey !== undefined && !(await isLogin(store, { accessKey: name, secretKey }));
  return {
    ...(content as Inputs),
    ...(further.length === 0 ? {} : { policies: further }),
    ...(user.enabled ? {} : { disableUser: true }),
    ...(isOther ? { secret: new Sealed("another, which nobody can read") } : {}),
  };
}

async function userNamed(
  { admin }: Store,
  name: string,
): Promise<{ enabled: boolean; policies: string[] } | undefined> {
  const answer = await admin("user-info", `accessKey=${name}`);
  if (answer === undefined) return undefined;
  const { status, policyName = "" } = JSON.parse(answer) as { status?: string; policyName?: string };
  return { enabled: status !== "disabled", policies: policyName.split(",") };
}

/** Whether MinIO takes a login, whatever rights it gives. */
async function isLogin(store: Store, login: { accessKey: string; secretKey: string }): Promise<boolean> {
  try {
    await store.as(login).listBuckets();
    return true;
  } catch (error) {
    return codeOf(error) === "AccessDenied";
  }
}

async function absentIf<T>(code: string, question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (codeOf(error) === code) return undefined;
    throw error;
  }
}

/** A document in one line, as the program writes it. */
function compact(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

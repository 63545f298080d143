import type { Settings } from "../config/settings";
import { lokiStoreVariables } from "../domain/names";
import { setCommand, type Problem } from "../domain/problem";
import { storePolicy } from "../render/minio/storePolicy";
import { bucketsOf, existingStore, storeAddress, storePorts } from "../render/objectStore";
import { storeRights, type BucketTrial, type StoreAnswer, type StoreFacts, type StoreRight } from "./storeTrial";

/** The right of each try, in the words of S3. */
const actions: Readonly<Record<StoreRight, string>> = {
  list: "s3:ListBucket",
  get: "s3:GetObject",
  put: "s3:PutObject",
  delete: "s3:DeleteObject",
};

/** Codes of a store that does not know a key, or that was given a wrong one. */
export const wrongKey = [
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidToken",
  "ExpiredToken",
  "AllAccessDisabled",
];

/** Codes of a bucket that is in another region than the request. */
export const wrongRegion = ["AuthorizationHeaderMalformed", "PermanentRedirect", "MovedPermanently", "InvalidRegion"];

/** Codes of a certificate that is not trusted. */
const distrusted =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_ALTNAME|ERR_SSL_|HOSTNAME_MISMATCH)/;

/** Codes of a way that does not lead there from this machine. */
const unreached =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ECONNABORTED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|ERR_PROXY\w*)$/;

/** A problem of the object store, by what is wrong. */
export interface StoreProblem extends Problem {
  /** The way to the store, its certificate or its answers; Loki's keys or rights; or a bucket that is gone. */
  fault: "way" | "login" | "bucket";
}

/** Whether a try did not get as far as the store. Pure. */
export function isUnreached({ code }: StoreAnswer): boolean {
  return unreached.test(code);
}

/** What keeps Loki from storing in the object store that is there already, each with its remedy. Pure. */
export function storeFindings(facts: StoreFacts, settings: Settings): StoreProblem[] {
  return [...keyFindings(facts, settings), ...portFindings(facts, settings), ...trialFindings(facts, settings)];
}

function keyFindings({ badKeys }: StoreFacts, { namespaces, objectStore }: Settings): StoreProblem[] {
  if (badKeys.length === 0) return [];
  const secrets = [...new Set(badKeys.map((key) => key.split("/")[0]!))];
  return [
    {
      fault: "login",
      problem:
        `in namespace ${namespaces.loki}, these keys of Secrets are missing, or have blanks or line breaks at their ` +
        `ends: ${badKeys.join(", ")}`,
      remedy: secrets.map((name) =>
        name === objectStore.ca
          ? `kubectl -n ${namespaces.loki} create secret generic ${name} --from-file=ca.crt, after you have deleted it`
          : `${creation(name, namespaces.loki)}, after you have deleted it`,
      ),
    },
  ];
}

function creation(secret: string, namespace: string): string {
  const { accessKeyId, secretAccessKey } = lokiStoreVariables;
  return (
    `kubectl -n ${namespace} create secret generic ${secret} ` +
    `--from-literal=${accessKeyId}=... --from-literal=${secretAccessKey}=...`
  );
}

/** Policies are about the ports of pods, not of their Service. */
function portFindings({ podPort, service }: StoreFacts, settings: Settings): StoreProblem[] {
  if (!settings.networkPolicies || podPort === undefined || storePorts(settings).includes(podPort)) return [];
  const { ports } = settings.objectStore;
  return [
    {
      fault: "way",
      problem: `the pods of Service ${service} listen on port ${podPort}, which the network policies close to Loki`,
      remedy: setCommand(`objectStore.ports[${ports.length}]`, String(podPort)),
    },
  ];
}

function trialFindings({ trials }: StoreFacts, settings: Settings): StoreProblem[] {
  const spec = existingStore(settings);
  const [where, secret] = [storeAddress(spec), `Secret ${settings.namespaces.loki}/${spec.storeSecret}`];
  const found = answered(trials, (answer) => !isUnreached(answer));
  const plain = found.find(({ answer }) => answer.code === "EPROTO");
  if (plain !== undefined)
    return [
      {
        fault: "way",
        problem: `${where} does not speak TLS there (${plain.answer.code})`,
        remedy: "write http:// in objectStore.endpoint, or the port of https",
      },
    ];
  const of = (codes: (code: string) => boolean) => found.find(({ answer }) => codes(answer.code));
  const trust = of((code) => distrusted.test(code));
  const key = of((code) => wrongKey.includes(code));
  if (trust !== undefined)
    return [
      {
        fault: "way",
        problem: `the connection to ${where} is not trusted: ${wordsOf(trust.answer)}`,
        remedy:
          spec.storeCa === undefined
            ? "put the CA that signed its certificate into a Secret in Loki's namespace, key ca.crt, and name it in objectStore.ca"
            : `put the CA that signed its certificate into Secret ${settings.namespaces.loki}/${spec.storeCa}, key ca.crt`,
      },
    ];
  if (key !== undefined)
    return [
      {
        fault: "login",
        problem: `${where} refuses the keys in ${secret}: ${wordsOf(key.answer)}`,
        remedy: `put the right ones in: delete it, then ${creation(spec.storeSecret, settings.namespaces.loki)}`,
      },
    ];
  return trials.flatMap((trial) => bucketFindings(trial, { where, secret, settings }));
}

function bucketFindings(
  trial: BucketTrial,
  { where, secret, settings }: { where: string; secret: string; settings: Settings },
): StoreProblem[] {
  const { answers, bucket, left, versioned } = trial;
  const spec = existingStore(settings);
  const found = answered([trial], ({ code }) => code !== "ok");
  const region = found.find(({ answer }) => wrongRegion.includes(answer.code));
  if (region !== undefined)
    return [
      {
        fault: "login",
        problem: `bucket ${bucket} of ${where} is not in region ${spec.storeRegion} (${region.answer.code})`,
        remedy:
          region.answer.region === undefined
            ? "write the bucket's region in objectStore.region"
            : setCommand("objectStore.region", region.answer.region),
      },
    ];
  if (answers.list?.code === "NoSuchBucket")
    return [
      {
        fault: "bucket",
        problem: `bucket ${bucket} does not exist in ${where}`,
        remedy: "make it, empty and for this stack alone, or name another in objectStore.buckets",
      },
    ];
  const denied = storeRights.filter((right) => answers[right]?.code === "AccessDenied");
  const others = found.filter(
    ({ answer }) => !["AccessDenied", "NoSuchKey"].includes(answer.code) && !isUnreached(answer),
  );
  return [
    ...(denied.length === 0
      ? []
      : [
          {
            fault: "login" as const,
            problem:
              `the user in ${secret} may not ${denied.join(", ")} in bucket ${bucket}: it lacks ` +
              denied.map((right) => actions[right]).join(", ") +
              (denied.includes("list") && denied.includes("delete")
                ? "; a bucket that does not exist, or is somebody else's, looks the same"
                : ""),
            remedy: `give it this policy: ${storePolicy(bucketsOf(spec))}`,
          },
        ]),
    ...others.map(({ answer, right }) => ({
      fault: "way" as const,
      problem: `${where} does not answer as an S3 store does when Loki's user wants to ${right} in bucket ${bucket}: ${wordsOf(answer)}`,
      remedy: "check scheme, host and port of objectStore.endpoint, or see what the store says about it",
    })),
    ...(left === undefined || versioned
      ? []
      : [
          {
            fault: "login" as const,
            problem: `preflight could not remove its own object ${left} from bucket ${bucket} again`,
            remedy: "remove it by hand",
          },
        ]),
  ];
}

function wordsOf({ code, says = "" }: StoreAnswer): string {
  const [first = ""] = says.split("\n");
  return first === "" ? code : `${first} (${code})`;
}

function answered(
  trials: readonly BucketTrial[],
  holds: (answer: StoreAnswer) => boolean,
): { right: StoreRight; answer: StoreAnswer }[] {
  return trials.flatMap(({ answers }) =>
    storeRights.flatMap((right) => {
      const answer = answers[right];
      return answer !== undefined && holds(answer) ? [{ right, answer }] : [];
    }),
  );
}

/** What is worth a line about the object store, though nothing is wrong with it. Pure. */
export function storeNotes(facts: StoreFacts, settings: Settings): string[] {
  const { missing, service, trials, untried } = facts;
  const spec = existingStore(settings);
  const where = `object store ${storeAddress(spec)}`;
  const { loki } = settings.namespaces;
  const [lost] = answered(trials, isUnreached);
  const works = trials.filter(({ answers }) => storeRights.every((right) => answers[right]?.code === "ok"));
  const versioned = trials.filter((trial) => trial.versioned);
  return [
    ...(works.length === 0
      ? []
      : [`${where}: list, get, put and delete work in ${works.map(({ bucket }) => bucket).join(", ")}`]),
    ...(lost === undefined
      ? []
      : [
          `${where} can't be reached from this machine (${lost.answer.code}), so it was not tried; whether Loki's pods ` +
            "reach it is not known",
        ]),
    ...(untried === "not seen" ? [`${where} was not tried: you may not read Secrets in ${loki}`] : []),
    ...(untried === "no pod"
      ? [`${where} was not tried: Service ${service} does not exist, or has no ready pod for a tunnel`]
      : []),
    ...(untried === "identity" ? [identityNote(where, settings)] : []),
    ...missing.map(
      (name) =>
        `Secret ${loki}/${name} does not exist yet; up waits until you create it` +
        (name === spec.storeCa
          ? ""
          : `: ${creation(name, loki)}; with both keys in the environment, preflight tries them`),
    ),
    ...versioned.map(
      ({ bucket, left }) =>
        `bucket ${bucket} keeps versions, so logs that Loki deletes stay there unless a lifecycle rule expires old versions` +
        (left === undefined ? "" : `; so do two versions of preflight's own object ${left}`),
    ),
  ];
}

function identityNote(where: string, { loki, objectStore }: Settings): string {
  const role = loki.serviceAccountAnnotations?.["eks.amazonaws.com/role-arn"];
  return (
    `${where} was not tried: only Loki's pods have their identity (` +
    (role === undefined
      ? "loki.serviceAccountAnnotations names no eks.amazonaws.com/role-arn, so EKS Pod Identity or the nodes must give it"
      : role) +
    `); it needs this policy: ${storePolicy(bucketsOf(existingStore({ objectStore })))}`
  );
}

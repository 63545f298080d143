import { isUnreached, storeFindings, wrongKey, wrongRegion, type StoreProblem } from "../../cluster/storeFindings";
import { existingStore, storeAddress } from "../../render/objectStore";
import type { Facts } from "../facts";
import type { Check, Finding, Place } from "../finding";
import { linesWith } from "./loki";

const where: Readonly<Record<StoreProblem["fault"], [part: Place, check: Check]>> = {
  way: ["object-store", "store-unreachable"],
  bucket: ["object-store", "bucket"],
  // Its keys are in Loki's Secret.
  login: ["loki", "store-login"],
};

const meaning = "Loki can't store chunks or read stored ones; it keeps new ones in memory and its write-ahead log";

/** What is wrong with an object store that is there already: what this machine was told, and what Loki says of it. */
export function judgeObjectStore(facts: Facts): Finding[] {
  const { settings, store } = facts;
  if (settings.objectStore.kind !== "s3") return [];
  const tried = store.existing === undefined ? [] : storeFindings(store.existing, settings);
  const found = tried.map(({ fault, problem, remedy }): Finding => {
    const [part, check] = where[fault];
    return { check, part, severity: "error", problem, evidence: evidenceOf(facts), meaning, remedy };
  });
  return [...missingSecrets(facts), ...found, ...(found.length > 0 ? [] : saidByLoki(facts))];
}

function missingSecrets({ settings, store }: Facts): Finding[] {
  const { loki } = settings.namespaces;
  return (store.existing?.missing ?? []).map((name) => ({
    check: "secret",
    part: "loki",
    severity: "error",
    problem: `Secret ${name} in namespace ${loki} does not exist`,
    evidence: [`objectStore.${name === settings.objectStore.ca ? "ca" : "secret"} names it`],
    meaning: "no pod of Loki starts without it",
    remedy: `create it again: docs/object-store.md`,
  }));
}

function evidenceOf({ store }: Facts): string[] {
  return (store.existing?.trials ?? []).flatMap(({ answers, bucket }) =>
    Object.entries(answers).map(([right, { code }]) => `${right} in bucket ${bucket}, from this machine: ${code}`),
  );
}

/** How Loki's client words a request that failed: the operation, then the store's code, or none if nobody answered. */
const failed = /ts=(\S+) .*operation error S3: (\w+), .*?(?:api error (\w+)|request send failed)/;
/** How old the newest such line may be, in ms: a flush that failed is tried again within that time. */
const recentMs = 180_000;

/** Loki's newest failed request. Doctor itself neither puts nor deletes, and may not reach what Loki reaches. */
function saidByLoki({ at, homes, settings, store }: Facts): Finding[] {
  const lines = linesWith(homes.loki?.logs, failed).flatMap((line) => {
    const [, time = "", operation = "", code] = failed.exec(line) ?? [];
    const age = at.getTime() - Date.parse(time);
    return age < recentMs ? [{ line, operation, code, time }] : [];
  });
  const [newest] = lines.sort((a, b) => b.time.localeCompare(a.time));
  const trials = store.existing?.trials ?? [];
  const reached = trials.length > 0 && trials.every(({ answers }) => !isUnreached(answers.list ?? { code: "ok" }));
  if (newest === undefined) return [];
  const { code, line, operation } = newest;
  const address = storeAddress(existingStore(settings));
  const finding = (fault: StoreProblem["fault"], problem: string, remedy: Finding["remedy"]): Finding[] => {
    const [part, check] = where[fault];
    return [{ check, part, severity: "error", problem, evidence: [line], meaning, remedy }];
  };
  if (code === undefined)
    return finding("way", `Loki's pods do not reach ${address}`, [
      `see whether the store is up${reached ? "; this machine reaches it" : ""}`,
      "compare its port with the network policies (objectStore.ports), and ca with its certificate",
    ]);
  if (code === "NoSuchBucket")
    return finding("bucket", `${address} does not have Loki's bucket`, "make it again, and restore its content");
  if (code === "AccessDenied")
    return finding("login", `${address} does not let Loki's user do ${operation}`, "npm run preflight names the right");
  if (wrongKey.includes(code) || wrongRegion.includes(code))
    return finding("login", `${address} refuses Loki's login: ${code}`, "npm run preflight says why");
  return finding("way", `${address} fails for Loki: ${code}`, "see what the store says about it");
}

import { bundleFiles, writeBundle } from "../doctor/bundle";
import { diagnosed } from "../doctor/diagnose";
import { gatherPod } from "../doctor/gather/pod";
import { gatherQuery } from "../doctor/query/gather";
import { judgeQuery, queryText } from "../doctor/query/judge";
import { exitStatus, reportOf } from "../doctor/report";
import { trailOf, trailText } from "../doctor/trail";
import { OperatorError } from "../domain/problem";
import { openLoki } from "../logs/access";
import { answer, print } from "./console";
import type { DoctorOptions } from "./doctor";
import { readChosen } from "./stackChoice";

/** Looks, judges and says what is wrong. Returns the exit status. */
export async function diagnose(options: DoctorOptions): Promise<number> {
  requireOne(options);
  const { pod, container, query, since, bundle, json, ...choice } = options;
  const say = (value: unknown, text: string) => answer(json === true ? JSON.stringify(value, undefined, 2) : text);
  const target = await readChosen(choice);

  if (query !== undefined) {
    const loki = await openLoki(target.settings, target.kubeConfig, print);
    try {
      const facts = await gatherQuery(loki, { query, sinceMs: since }, target.settings);
      const remarks = judgeQuery(facts);
      say({ stats: facts.stats, index: facts.index, remarks }, queryText(facts, remarks));
      return remarks.length === 0 ? 0 : 1;
    } finally {
      await loki.close();
    }
  }

  const { facts, diagnosis } = await diagnosed(target);
  if (pod !== undefined) {
    const found = await gatherPod(target, { ...pod, container }, facts);
    const trail = trailOf({ facts: found, stack: facts, findings: diagnosis.findings });
    say({ trail, query: found.query, unseen: found.unseen }, trailText(trail, found));
    if (trail.some(({ state }) => state === "fails")) return 1;
    return trail.at(-1)?.state === "ok" ? 0 : 2;
  }

  say(diagnosis, reportOf(diagnosis));
  if (bundle !== undefined) {
    await writeBundle(bundle, bundleFiles(facts, diagnosis));
    print(`bundle: ${bundle}; look through it before you give it away`);
  }
  return exitStatus(diagnosis);
}

function requireOne({ pod, container, query, bundle }: DoctorOptions): void {
  if (pod !== undefined && query !== undefined)
    throw new OperatorError("--pod and --query are two questions.", "ask one of them at a time");
  if (container !== undefined && pod === undefined)
    throw new OperatorError("--container needs a pod.", "add --pod NAMESPACE/NAME");
  if (bundle !== undefined && (pod !== undefined || query !== undefined))
    throw new OperatorError("--bundle is about the whole stack.", "leave out --pod and --query");
}

import { CoreV1Api } from "@kubernetes/client-node";
import type { Problem } from "../domain/problem";
import { alertmanagersOf } from "./gather/alerting";
import type { Place } from "./gather/home";
import { Sight } from "./gather/sight";
import { Web } from "./gather/web";
import { alertmanagerFindings } from "./judges/alerting";

/** How many Alertmanagers were asked, and what is wrong with them. */
export interface AlertmanagerProblems {
  asked: number;
  problems: readonly Problem[];
  /** What could not be seen, and the right that this takes. */
  unseen: readonly string[];
}

/** Asks every Alertmanager that gets a stack's alerts, with the login and the authority that Loki has. */
export async function alertmanagerProblems(target: Omit<Place, "sight">): Promise<AlertmanagerProblems> {
  const { kubeConfig, settings } = target;
  const sight = new Sight();
  const place: Place = { ...target, sight };
  const namespace = settings.namespaces.loki;
  const pods =
    settings.alerts.alertmanager === "own"
      ? await sight.see(`list pods in ${namespace}`, () =>
          kubeConfig.makeApiClient(CoreV1Api).listNamespacedPod({ namespace }),
        )
      : undefined;
  const alertmanagers = await alertmanagersOf(place, new Web(place), pods?.items);
  const problems = alertmanagerFindings({ alertmanagers, settings }).map(({ problem, evidence, remedy }) => ({
    problem: `${problem}: ${evidence.join("; ")}`,
    remedy,
  }));
  return { asked: alertmanagers.length, problems, unseen: sight.unseen };
}

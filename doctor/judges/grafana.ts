import type { Facts } from "../facts";
import type { Finding } from "../finding";

/** What is wrong with Grafana, beside its pods and its login at Loki. */
export function judgeGrafana({ grafanas, settings }: Facts): Finding[] {
  return grafanas
    .filter(({ health, silent }) => silent !== undefined || (health !== undefined && health.status !== 200))
    .map(({ pod, health, silent }) => ({
      check: "grafana",
      part: "grafana",
      severity: "error",
      problem: `Grafana in pod ${pod} ${silent === undefined ? "is not healthy" : "does not answer"}`,
      // With a database that it can't use, it answers 503.
      evidence: [silent ?? `/api/health: ${health?.status} ${health?.body.trim().replaceAll(/\s+/g, " ")}`],
      meaning: "nobody sees dashboards, and Grafana's own alerts do not run; npm run logs works without it",
      remedy: `see what it says: kubectl -n ${settings.namespaces.grafana} logs ${pod}`,
    }));
}

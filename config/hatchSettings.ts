import { z } from "zod";

import { freeObject, iniSections, text } from "./kinds";

/*
 * Escape hatches: what the other settings cannot say. docs/escape-hatches.md shows them.
 */

const chartValues = (chart: string, example: Record<string, unknown>) =>
  freeObject({
    both: {},
    about: `Further values of ${chart} chart, merged as \`helm -f\` does. A key that the program decides is refused.`,
    example,
  });

/** Further values of each chart. */
export const values = z.strictObject({
  minio: chartValues("MinIO's", { extraArgs: ["--json"] }),
  loki: chartValues("Loki's", { loki: { serviceLabels: { team: "platform" } } }),
  alloy: chartValues("Alloy's", { controller: { minReadySeconds: 30 } }),
  grafana: chartValues("Grafana's", { revisionHistoryLimit: 3 }),
});

/** Further configuration of Loki. */
export const lokiConfig = freeObject({
  both: {},
  about:
    "Further configuration of Loki, merged into the platform's. A key that the program decides is refused. A " +
    "credential is a ${VARIABLE} from loki.envFromSecrets.",
  example: { querier: { tail_max_duration: "2h" } },
});

/** Further components of Alloy. */
export const pipeline = z.strictObject({
  components: text(
    /\S/,
    "components in Alloy's syntax",
  )({
    about:
      "Further components of Alloy, in its own syntax. They may send lines of pods to loki.process.pods.receiver, and " +
      "any other lines to loki.write.loki.receiver.",
    example: 'loki.source.kubernetes_events "all" { forward_to = [loki.write.loki.receiver] }',
  }).optional(),
  process: text(
    /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.[A-Za-z_][A-Za-z0-9_]*$/,
    "the name of a component, such as loki.process.mine",
  )({
    about:
      "One of these components, through which every line of a pod passes before it gets its final labels. It sends " +
      "on to loki.process.pods.receiver. Unset: none.",
    example: "loki.process.mine",
  }).optional(),
});

/** Further settings of Grafana. */
export const grafanaIni = iniSections({
  both: {},
  about:
    "Further settings of Grafana, by section and key, merged into grafana.ini. A key that the program decides is " +
    "refused. A credential is a $__env{VARIABLE} from grafana.envFromSecrets, or a $__file{PATH}.",
  example: { users: { default_theme: "light" } },
});

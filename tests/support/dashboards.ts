import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** A panel in Grafana's dashboard model, as far as tests look at it. Rows have no query. */
export interface ShownPanel {
  id: number;
  title: string;
  type: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
  fieldConfig?: { defaults: { links?: { url: string }[] } };
}

/** The panels of a dashboard, rows among them. */
export function panelsOf({ panels }: Pick<Dashboard, "panels">): ShownPanel[] {
  return panels as unknown as ShownPanel[];
}

/** The queries of a dashboard by panel, with values in place of Grafana's variables. */
export function queriesOf(dashboard: Pick<Dashboard, "panels">): Map<string, string> {
  return new Map(
    panelsOf(dashboard).flatMap(({ targets = [], title }) =>
      targets.map(({ expr }): [string, string] => [
        title,
        expr
          .replaceAll(/\$__(auto|range|rate_interval)/g, "2m")
          .replaceAll("$namespace", ".+")
          .replaceAll(/\$(app|container|node)/g, ".*"),
      ]),
    ),
  );
}

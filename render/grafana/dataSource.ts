/** Id of the data source Loki. Fixed, so that dashboards, alerts and links still work with a new Grafana. */
export const dataSourceUid = "logharbor-loki";
/** Id of the data source Alertmanager. */
export const alertmanagerUid = "logharbor-alertmanager";
/** Id of the data source Prometheus. */
export const prometheusUid = "logharbor-prometheus";

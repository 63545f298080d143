import type { DoctorFault } from "./fault";

/** Faults on the way of an alert. */
export const alertingFaults: readonly DoctorFault[] = [
  {
    title: "a ruler without its Alertmanager",
    cause: "alerting/alertmanager",
    within: async (p, work) => {
      const url = "http://alertmanager.e2e-nowhere.svc:9093";
      const overrides = { alerts: { alertmanager: "existing", existing: { urls: [url] } } };
      await p.withSettings(overrides, async () => work(overrides));
    },
  },
];

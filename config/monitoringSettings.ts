import { z } from "zod";

import { resources } from "./groups";
import { choice, dnsLabel, flag, httpUrl, list, text } from "./kinds";

/** The pods that prove, line by line, that logs arrive. */
export const canary = z.strictObject({
  enabled: flag({
    both: false,
    about:
      "Run a canary on every node: it writes a line every 10 seconds, reads it back from Loki, and counts lines that " +
      "are missing or late.",
  }),
  resources: resources({ both: { cpuRequest: "10m", memoryRequest: "32Mi", memoryLimit: "128Mi" } }),
});

const name = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
const domain = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";
const label = new RegExp(`^(${domain}/)?${name}=(${name})?$`);

/** Who scrapes the platform, and how it finds what to scrape. */
export const monitoring = z.strictObject({
  namespaces: list(dnsLabel({ about: "A namespace.", example: "monitoring" }), "namespaces", {
    both: [],
    about:
      "Namespaces whose Prometheus scrapes the platform. The network policies open the metrics ports to their pods. " +
      "Empty: nobody scrapes.",
    example: ["monitoring"],
  }),
  serviceMonitors: choice(["auto", "on", "off"], {
    both: "auto",
    about:
      "Whether the stack makes ServiceMonitors and PrometheusRules, for the Prometheus operator. With auto it does so " +
      "if the cluster has their definitions. Without them, the pods carry annotations that ask to be scraped.",
  }),
  labels: list(
    text(label, "a label, written name=value")({ about: "A label.", example: "release=kube-prometheus-stack" }),
    "labels, each written name=value",
    {
      both: [],
      about: "Labels of these ServiceMonitors and PrometheusRules, by which an operator may select them.",
      example: ["release=kube-prometheus-stack"],
    },
  ),
  prometheusUrl: httpUrl({
    about:
      "Address at which Grafana's pods reach that Prometheus: Grafana gets it as a data source, and a dashboard over " +
      "the platform's metrics. Unset: neither.",
    example: "http://prometheus-operated.monitoring.svc:9090",
  }).optional(),
  runbookUrl: text(
    /^https?:\/\/[^\s?#]+[^\s?#/]$/,
    "an http(s):// address without ?, # and a slash at the end",
  )({
    about: "Address of the folder of the runbooks, for the links in alerts; unset: their path in this repository.",
    example: "https://git.example.com/platform/logharbor/blob/main/docs/runbooks",
  }).optional(),
});

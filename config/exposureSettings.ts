import { z } from "zod";

import { annotations, choice, dnsDomain, dnsLabel, text } from "./kinds";

/*
 * How people and clients outside of the cluster reach Grafana and Loki's gateway.
 */

/** The name of an object in the form of a DNS subdomain. */
const objectName = (what: string) => text(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, `the name of ${what}`);

/**
 * One way in from outside.
 * @param what where it leads, for the descriptions
 * @param namespace whose namespace holds the objects
 */
const entry = (what: string, namespace: string) => ({
  kind: choice(["none", "ingress", "route"], {
    both: "none",
    about: `What leads to ${what} from outside of the cluster: nothing, an Ingress, or an HTTPRoute of the Gateway API.`,
  }),
  className: objectName("an IngressClass")({
    about: "IngressClass of the Ingress; unset: the cluster's default.",
    example: "nginx",
  }).optional(),
  parent: z
    .strictObject({
      name: objectName("a Gateway")({ about: "Gateway that the HTTPRoute attaches to.", example: "public" }),
      namespace: dnsLabel({
        about: "Namespace of that Gateway; unset: the route's own.",
        example: "gateway-system",
      }).optional(),
      section: objectName("a listener")({
        about: "Listener of that Gateway, which must be one with TLS; unset: every listener that takes the host.",
        example: "https",
      }).optional(),
    })
    .optional(),
  tlsSecret: dnsLabel({
    about:
      `Secret of type kubernetes.io/tls with the certificate that the Ingress shows, in ${namespace} namespace. You ` +
      "create it, or cert-manager does (issuer). Unset: the controller's own certificate for the host.",
    example: "public-certificate",
  }).optional(),
  issuer: objectName("a ClusterIssuer")({
    about: "ClusterIssuer of cert-manager that makes the Secret `tlsSecret`; unset: nobody does.",
    example: "letsencrypt",
  }).optional(),
  annotations: annotations({
    both: {},
    about: "Annotations of the Ingress or HTTPRoute, in your controller's words.",
    example: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "630" },
  }),
});

/** Ways into the cluster. Grafana's host is that of `grafana.url`. */
export const exposure = z.strictObject({
  grafana: z.strictObject(entry("Grafana", "Grafana's")),
  gateway: z.strictObject({
    ...entry("Loki's gateway", "Loki's"),
    host: dnsDomain({
      about: "Host name at which clients outside of the cluster reach Loki's gateway.",
      example: "loki.example.com",
    }).optional(),
  }),
});

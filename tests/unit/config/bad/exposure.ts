import { label, mistyped, notGroup, unknown, wrong, type BadConfig } from "./rows";

const kinds = "must be one of none, ingress, route";
const ingress = "must be the name of an IngressClass";
const issuer = "must be the name of a ClusterIssuer";
const range = "must be a range of addresses, written address/bits";
const annotations = "must hold names of annotations, each with a text";
const url = "https://grafana.example.com";
/** A way in to Grafana that lacks nothing but what `more` takes or adds. */
const toGrafana = (more: object, grafana: object = { url }) => ({
  ingressNamespaces: ["ingress-nginx"],
  grafana,
  exposure: { grafana: { kind: "ingress", ...more } },
});
/** The same for the gateway. */
const toGateway = (more: object, all: object = {}) => ({
  ingressNamespaces: ["ingress-nginx"],
  gateway: { authentication: "basic" },
  exposure: { gateway: { kind: "ingress", host: "loki.example.com", ...more } },
  ...all,
});
const parent = { name: "public" };
const ofListener = "leave it out: the certificate is that of the Gateway's listener";
const controller =
  "name the namespace of your controller's pods, or in ingressCidrs the addresses of a load balancer outside of " +
  "the cluster";

export const exposure: BadConfig[] = [
  ...notGroup("exposure", true),
  ...notGroup("exposure.grafana", "ingress"),
  ...unknown("exposure.minio", {}),
  ...wrong("exposure.grafana.kind", kinds, "none", "Ingress", "gateway", true),
  ...wrong("exposure.grafana.className", ingress, "nginx", "NGINX", ""),
  ...wrong("exposure.grafana.tlsSecret", label, "public-certificate", "-----BEGIN CERTIFICATE-----"),
  ...wrong("exposure.gateway.issuer", issuer, "letsencrypt", "Let's Encrypt"),
  ...wrong(
    "exposure.gateway.host",
    "must be a DNS domain in lower case, without a dot at its end",
    "loki.example.com",
    "https://loki.example.com",
    "loki.example.com:443",
    "*.example.com",
  ),
  ...wrong(
    "exposure.gateway.annotations",
    annotations,
    '{"nginx.ingress.kubernetes.io/proxy-read-timeout":"630"}',
    "none",
  ),
  ...wrong("ingressCidrs[0]", range, "10.0.0.0/16", "10.0.0.0", "10.0.0.0/33", "load-balancer"),
  mistyped("exposure.gateway.tlsSecrets", "a", "exposure.gateway.tlsSecret"),
  [
    toGateway({ kind: "route", parent: { namespace: "gateway-system" } }),
    "exposure.gateway.parent.name",
    "is not set",
    "write for example public",
  ],
  [
    toGateway({ kind: "route" }),
    "exposure.gateway.parent.name",
    "is not set, but exposure.gateway.kind is route",
    "name a Gateway of the cluster: kubectl get gateways -A",
  ],
  [
    toGateway({ parent }),
    "exposure.gateway.parent",
    "is set, but exposure.gateway.kind is ingress, which does not use it",
    "leave it out, or set exposure.gateway.kind to route",
  ],
  [
    toGrafana({ kind: "route", parent, tlsSecret: "tls" }),
    "exposure.grafana.tlsSecret",
    "is set, but exposure.grafana.kind is route, which does not use it",
    ofListener,
  ],
  [
    toGrafana({ kind: "route", parent, className: "nginx" }),
    "exposure.grafana.className",
    "is set, but exposure.grafana.kind is route, which does not use it",
    "leave it out, or set exposure.grafana.kind to ingress",
  ],
  [
    { exposure: { gateway: { host: "loki.example.com" } } },
    "exposure.gateway.host",
    "is loki.example.com, but exposure.gateway.kind is none",
    "set exposure.gateway.kind to ingress or route, or leave it out",
  ],
  [
    { exposure: { grafana: { annotations: { a: "b" } } } },
    "exposure.grafana.annotations",
    "is set, but exposure.grafana.kind is none, which does not use it",
    "leave it out, or set exposure.grafana.kind to ingress",
  ],
  [
    toGrafana({ issuer: "letsencrypt" }),
    "exposure.grafana.tlsSecret",
    "is not set, but exposure.grafana.issuer is letsencrypt",
    "name the Secret in which cert-manager keeps the certificate, for example public-certificate",
  ],
  [
    toGrafana({ annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" } }),
    "exposure.grafana.annotations",
    "names cert-manager.io/cluster-issuer, which the platform sets",
    "set exposure.grafana.issuer instead",
  ],
  [
    toGrafana({ annotations: { "logharbor.io/owner": "me" } }),
    "exposure.grafana.annotations",
    "names logharbor.io/owner, which the platform sets",
    "choose another name",
  ],
  [
    toGrafana({}, { url, enabled: false }),
    "exposure.grafana.kind",
    "is ingress, but the stack has no Grafana",
    "set grafana.enabled, or leave this out",
  ],
  [
    toGrafana({}, {}),
    "grafana.url",
    "is not set, but exposure.grafana.kind is ingress",
    "write the address at which people open Grafana, for example https://grafana.example.com",
  ],
  [
    toGrafana({}, { url: "http://grafana.example.com/logs" }),
    "grafana.url",
    "is http://grafana.example.com/logs, but what leads in from outside (exposure.grafana) uses TLS",
    "write https://grafana.example.com/logs",
  ],
  [
    toGrafana({}, { url: "https://192.0.2.7" }),
    "grafana.url",
    "has the IP address 192.0.2.7 as its host, which neither an Ingress nor an HTTPRoute takes",
    "write a name that DNS resolves to your controller",
  ],
  [
    toGateway({ host: undefined }),
    "exposure.gateway.host",
    "is not set, but exposure.gateway.kind is ingress",
    "write the name at which clients reach the gateway, for example loki.example.com",
  ],
  [
    toGateway({}, { gateway: { authentication: "none" } }),
    "gateway.authentication",
    "is none, but exposure.gateway.kind is ingress: everybody could read and write every tenant's logs",
    "set gateway.authentication to basic, or leave exposure.gateway out",
  ],
  [
    {
      ...toGrafana({}, { url: "https://logs.example.com/grafana" }),
      gateway: { authentication: "basic" },
      exposure: { grafana: { kind: "ingress" }, gateway: { kind: "ingress", host: "logs.example.com" } },
    },
    "exposure.gateway.host",
    "is logs.example.com, also the host of grafana.url",
    "give the gateway a name of its own",
  ],
  [
    toGateway({}, { ingressNamespaces: [] }),
    "ingressNamespaces",
    "is empty, like ingressCidrs, so the network policies refuse what comes in by exposure.gateway",
    controller,
  ],
];

import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses ways in that lead nowhere, that let everybody in, or that send passwords unencrypted. */
export const exposureRules: readonly Rule[] = [
  ...(["grafana", "gateway"] as const).flatMap((part): Rule[] => [
    { reads: [`exposure.${part}`], judge: ({ exposure }) => unused(`exposure.${part}`, exposure[part]) },
    { reads: [`exposure.${part}`], judge: ({ exposure }) => incomplete(`exposure.${part}`, exposure[part]) },
  ]),
  { reads: ["exposure.grafana", "grafana"], judge: grafanaAddress },
  { reads: ["exposure.gateway", "gateway.authentication"], judge: gatewayAddress },
  { reads: ["exposure", "grafana.url"], judge: sameHost },
  { reads: ["exposure", "networkPolicies", "ingressNamespaces", "ingressCidrs"], judge: closed },
];

type Entry = Settings["exposure"]["grafana"];

/** What each kind can use, besides the annotations. */
const fields: Readonly<Record<Entry["kind"], readonly (keyof Entry)[]>> = {
  none: [],
  ingress: ["className", "tlsSecret", "issuer"],
  route: ["parent"],
};

/** A route's certificate is its Gateway's, so nothing here names one. */
function unused(key: string, entry: Entry): SettingProblem[] {
  const set = (["className", "parent", "tlsSecret", "issuer"] as const).filter((field) => entry[field] !== undefined);
  const annotated = entry.kind === "none" && Object.keys(entry.annotations).length > 0;
  return [...set.filter((field) => !fields[entry.kind].includes(field)), ...(annotated ? ["annotations"] : [])].map(
    (field) => ({
      key: `${key}.${field}`,
      problem: `is set, but ${key}.kind is ${entry.kind}, which does not use it`,
      remedy:
        entry.kind === "route" && field !== "className"
          ? "leave it out: the certificate is that of the Gateway's listener"
          : `leave it out, or set ${key}.kind to ${field === "parent" ? "route" : "ingress"}`,
    }),
  );
}

function incomplete(key: string, { annotations, issuer, kind, parent, tlsSecret }: Entry): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (kind === "route" && parent === undefined)
    problems.push({
      key: `${key}.parent.name`,
      problem: `is not set, but ${key}.kind is route`,
      remedy: "name a Gateway of the cluster: kubectl get gateways -A",
    });
  if (kind === "ingress" && issuer !== undefined && tlsSecret === undefined)
    problems.push({
      key: `${key}.tlsSecret`,
      problem: `is not set, but ${key}.issuer is ${issuer}`,
      remedy: "name the Secret in which cert-manager keeps the certificate, for example public-certificate",
    });
  const ours = /^logharbor\.io\/|^cert-manager\.io\/cluster-issuer$/;
  problems.push(
    ...Object.keys(annotations)
      .filter((name) => ours.test(name))
      .map((name) => ({
        key: `${key}.annotations`,
        problem: `names ${name}, which the platform sets`,
        remedy: name.startsWith("cert-manager.io/") ? `set ${key}.issuer instead` : "choose another name",
      })),
  );
  return problems;
}

function grafanaAddress({ exposure, grafana }: Settings): SettingProblem[] {
  const { kind } = exposure.grafana;
  if (kind === "none") return [];
  if (!grafana.enabled)
    return [
      {
        key: "exposure.grafana.kind",
        problem: `is ${kind}, but the stack has no Grafana`,
        remedy: "set grafana.enabled, or leave this out",
      },
    ];
  if (grafana.url === undefined)
    return [
      {
        key: "grafana.url",
        problem: `is not set, but exposure.grafana.kind is ${kind}`,
        remedy: "write the address at which people open Grafana, for example https://grafana.example.com",
      },
    ];
  const { hostname, protocol } = new URL(grafana.url);
  return [
    ...(protocol === "https:"
      ? []
      : [
          {
            key: "grafana.url",
            problem: `is ${grafana.url}, but what leads in from outside (exposure.grafana) uses TLS`,
            remedy: `write https://${grafana.url.slice("http://".length)}`,
          },
        ]),
    ...(/^[\d.]+$/.test(hostname)
      ? [
          {
            key: "grafana.url",
            problem: `has the IP address ${hostname} as its host, which neither an Ingress nor an HTTPRoute takes`,
            remedy: "write a name that DNS resolves to your controller",
          },
        ]
      : []),
  ];
}

function gatewayAddress({ exposure, gateway }: Settings): SettingProblem[] {
  const { host, kind } = exposure.gateway;
  if (kind === "none")
    return host === undefined
      ? []
      : [
          {
            key: "exposure.gateway.host",
            problem: `is ${host}, but exposure.gateway.kind is none`,
            remedy: "set exposure.gateway.kind to ingress or route, or leave it out",
          },
        ];
  return [
    ...(host === undefined
      ? [
          {
            key: "exposure.gateway.host",
            problem: `is not set, but exposure.gateway.kind is ${kind}`,
            remedy: "write the name at which clients reach the gateway, for example loki.example.com",
          },
        ]
      : []),
    ...(gateway.authentication === "none"
      ? [
          {
            key: "gateway.authentication",
            problem: `is none, but exposure.gateway.kind is ${kind}: everybody could read and write every tenant's logs`,
            remedy: "set gateway.authentication to basic, or leave exposure.gateway out",
          },
        ]
      : []),
  ];
}

/** Both would answer at the same paths. */
function sameHost({ exposure, grafana }: Settings): SettingProblem[] {
  const { host, kind } = exposure.gateway;
  if (kind === "none" || exposure.grafana.kind === "none" || grafana.url === undefined) return [];
  if (host === undefined || new URL(grafana.url).hostname !== host) return [];
  return [
    {
      key: "exposure.gateway.host",
      problem: `is ${host}, also the host of grafana.url`,
      remedy: "give the gateway a name of its own",
    },
  ];
}

function closed({ exposure, ingressCidrs, ingressNamespaces, networkPolicies }: Settings): SettingProblem[] {
  const open = (["grafana", "gateway"] as const).filter((part) => exposure[part].kind !== "none");
  if (!networkPolicies || open.length === 0 || ingressNamespaces.length + ingressCidrs.length > 0) return [];
  return [
    {
      key: "ingressNamespaces",
      problem: `is empty, like ingressCidrs, so the network policies refuse what comes in by exposure.${open.join(" and exposure.")}`,
      remedy:
        "name the namespace of your controller's pods, or in ingressCidrs the addresses of a load balancer outside of " +
        "the cluster",
    },
  ];
}

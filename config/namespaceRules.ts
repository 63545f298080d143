import type { SettingProblem } from "../domain/problem";
import { partNames, type Part } from "../domain/parts";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Namespaces that the stack can't have, or can't share. */
export const namespaceRules: readonly Rule[] = [
  { reads: ["namespaces", "existingNamespaces"], judge: ofTheCluster },
  { reads: ["namespaces", "existingNamespaces"], judge: shared },
  { reads: ["existingNamespaces"], judge: namedTwice },
  { reads: ["namespaces", "gateway.authentication", "grafana.enabled"], judge: sharedLogin },
  { reads: ["namespaces", "tls.certificates"], judge: sharedCertificate },
];

function ofTheCluster({ namespaces, existingNamespaces }: Settings): SettingProblem[] {
  return partNames.flatMap((part): SettingProblem[] => {
    const name = namespaces[part];
    const isUsed = existingNamespaces.includes(part);
    if (!name.startsWith("kube-") && (name !== "default" || isUsed)) return [];
    const remedy = isUsed ? "name one of your own" : "name a namespace that the stack may create and remove";
    return [{ key: `namespaces.${part}`, problem: `is "${name}", which belongs to the cluster`, remedy }];
  });
}

/** A part whose namespace the stack makes is alone in it: its policies hold for the whole namespace. */
function shared({ namespaces, existingNamespaces }: Settings): SettingProblem[] {
  return pairs(namespaces).flatMap(([part, other]) => {
    if (existingNamespaces.includes(part) && existingNamespaces.includes(other)) return [];
    return [
      {
        key: `namespaces.${part}`,
        problem: `is "${namespaces[part]}", the namespace of ${other} too`,
        remedy:
          "give each part a namespace of its own; only one that is there already may be shared (existingNamespaces)",
      },
    ];
  });
}

function namedTwice({ existingNamespaces: parts }: Settings): SettingProblem[] {
  const twice = parts.filter((part, index) => parts.indexOf(part) !== index);
  return [...new Set(twice)].map((part) => ({
    key: "existingNamespaces",
    problem: `holds ${part} twice`,
    remedy: "name each part once",
  }));
}

/** Both have a Secret of the same name there. */
function sharedLogin({ gateway, grafana, namespaces }: Settings): SettingProblem[] {
  if (gateway.authentication === "none" || !grafana.enabled || namespaces.alloy !== namespaces.grafana) return [];
  return [
    {
      key: "namespaces.grafana",
      problem: `is "${namespaces.grafana}", where Alloy's login at the gateway has the name that Grafana's needs`,
      remedy: "give Alloy and Grafana a namespace each, or set gateway.authentication to none",
    },
  ];
}

/** Each namespace has one certificate, with the names of one part. */
function sharedCertificate({ namespaces, tls }: Settings): SettingProblem[] {
  if (tls.certificates !== "cert-manager") return [];
  return pairs(namespaces).map(([part, other]) => ({
    key: `namespaces.${part}`,
    problem: `is "${namespaces[part]}", the namespace of ${other} too, and cert-manager makes one certificate a namespace`,
    remedy: "give each part a namespace of its own, or set tls.certificates to given",
  }));
}

/** Parts with the namespace of a part before them. */
function pairs(namespaces: Settings["namespaces"]): [Part, Part][] {
  return partNames.flatMap((part, index) => {
    const other = partNames.slice(0, index).find((before) => namespaces[before] === namespaces[part]);
    return other === undefined ? [] : [[part, other] satisfies [Part, Part]];
  });
}

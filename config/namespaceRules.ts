import type { SettingProblem } from "../domain/problem";
import { usedParts, type Part } from "../domain/parts";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Settings that decide which parts there are. */
const choice = ["grafana.enabled", "objectStore"];

/** Refuses namespaces that the stack cannot own, or that parts cannot share. */
export const namespaceRules: readonly Rule[] = [
  { reads: ["namespaces", "existingNamespaces", ...choice], judge: ofTheCluster },
  { reads: ["namespaces", "existingNamespaces", ...choice], judge: shared },
  { reads: ["existingNamespaces"], judge: namedTwice },
  { reads: ["namespaces", "gateway.authentication", "grafana.enabled"], judge: sharedLogin },
  { reads: ["namespaces", "tls.certificates", ...choice], judge: sharedCertificate },
];

function ofTheCluster(settings: Settings): SettingProblem[] {
  const { namespaces, existingNamespaces } = settings;
  return usedParts(settings).flatMap((part): SettingProblem[] => {
    const name = namespaces[part];
    const isUsed = existingNamespaces.includes(part);
    if (!name.startsWith("kube-") && (name !== "default" || isUsed)) return [];
    const remedy = isUsed ? "name one of yours" : "name a namespace that the stack may create and remove";
    return [{ key: `namespaces.${part}`, problem: `is "${name}", which belongs to the cluster`, remedy }];
  });
}

/** In a namespace that the stack creates, a part must be alone: its network policies apply to the whole namespace. */
function shared(settings: Settings): SettingProblem[] {
  const { namespaces, existingNamespaces } = settings;
  return pairs(settings).flatMap(([part, other]) => {
    if (existingNamespaces.includes(part) && existingNamespaces.includes(other)) return [];
    return [
      {
        key: `namespaces.${part}`,
        problem: `is "${namespaces[part]}", which is also the namespace of ${other}`,
        remedy:
          "give each part a separate namespace; parts can share only a namespace that already exists (existingNamespaces)",
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

/** Alloy and Grafana each need a Secret with the same name for their login. */
function sharedLogin({ gateway, grafana, namespaces }: Settings): SettingProblem[] {
  if (gateway.authentication === "none" || !grafana.enabled || namespaces.alloy !== namespaces.grafana) return [];
  return [
    {
      key: "namespaces.grafana",
      problem: `is "${namespaces.grafana}", also the namespace of Alloy: both need a Secret of the same name for their login`,
      remedy: "give Alloy and Grafana separate namespaces, or set gateway.authentication to none",
    },
  ];
}

/** Each namespace gets one certificate, and it names only one part. */
function sharedCertificate(settings: Settings): SettingProblem[] {
  const { namespaces, tls } = settings;
  if (tls.certificates !== "cert-manager") return [];
  return pairs(settings).map(([part, other]) => ({
    key: `namespaces.${part}`,
    problem: `is "${namespaces[part]}", also the namespace of ${other}, but cert-manager makes only one certificate there`,
    remedy: "give each part a separate namespace, or set tls.certificates to given",
  }));
}

/** Each part that shares its namespace with an earlier part, together with that part. */
function pairs(settings: Settings): [Part, Part][] {
  const { namespaces } = settings;
  const parts = usedParts(settings);
  return parts.flatMap((part, index) => {
    const other = parts.slice(0, index).find((before) => namespaces[before] === namespaces[part]);
    return other === undefined ? [] : [[part, other] satisfies [Part, Part]];
  });
}

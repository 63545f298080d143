import type { Part } from "../../domain/parts";
import type { FoundObject } from "../../cluster/kubeApi";
import { objectKey } from "./collisions";
import { operatorSecrets, type NamingSecrets } from "../../render/objects";
import { helmAnnotations, ownerAnnotation, ownerText, type Owner } from "../../render/ownership";

/** An object in a namespace, with its owners. */
export interface Content extends FoundObject {
  /** Kubernetes' id of the object. */
  uid: string;
  /** Ids of its owners. Kubernetes deletes the object when they are gone. */
  owners: string[];
}

/** What decides whether an object belongs to the stack. */
export interface ForeignInput {
  /** The part that lives in the namespace. */
  part: Part;
  /** The settings that name Secrets of the operator. */
  settings: NamingSecrets;
  /** The stack. */
  owner: Owner;
  /** Keys of the objects in the stack's state. */
  known: ReadonlySet<string>;
}

/** Kinds that Kubernetes derives from other objects, or that nobody would miss. */
const derivedKinds = ["Event", "Endpoints", "EndpointSlice", "PodMetrics", "Lease"];

/** Objects that clusters create in every namespace. */
const builtIn = [
  "ConfigMap kube-root-ca.crt",
  "ConfigMap openshift-service-ca.crt",
  "ConfigMap istio-ca-root-cert",
  "ServiceAccount default",
  "ServiceAccount builder",
  "ServiceAccount deployer",
];

/**
 * The objects in one of the stack's namespaces that neither belong to the stack nor were made by Kubernetes for it.
 * They would be deleted with the namespace. Pure.
 */
export function foreignObjects(contents: readonly Content[], input: ForeignInput): Content[] {
  const own = new Set(contents.filter((content) => isOwn(content, input)).map(({ uid }) => uid));
  // An object is also the stack's if one of its owners is, over any number of steps.
  for (let size = -1; size !== own.size;) {
    size = own.size;
    for (const { uid, owners } of contents) if (owners.some((id) => own.has(id))) own.add(uid);
  }
  return contents.filter(({ uid }) => !own.has(uid));
}

function isOwn(content: Content, input: ForeignInput): boolean {
  const { kind, name, namespace = "", labels, annotations } = content;
  const { part, owner, known } = input;
  if (derivedKinds.includes(kind) || builtIn.includes(`${kind} ${name}`)) return true;
  if (annotations[ownerAnnotation] === ownerText(owner) || known.has(objectKey(kind, name, namespace))) return true;
  if (annotations[helmAnnotations.release] === part && annotations[helmAnnotations.namespace] === namespace)
    return true;
  if (kind === "Secret") return isOwnSecret(content, input);
  // Claims carry the labels of their StatefulSet's selector.
  return kind === "PersistentVolumeClaim" && isClaimOf(part, name, labels);
}

function isOwnSecret({ name, labels, annotations }: Content, { part, settings }: ForeignInput): boolean {
  const account = annotations["kubernetes.io/service-account.name"];
  return (
    (labels.owner === "helm" && labels.name === part) ||
    annotations["cert-manager.io/certificate-name"] === "logharbor" ||
    (account !== undefined && (account === "default" || account === part || account.startsWith(`${part}-`))) ||
    operatorSecrets(part, settings).includes(name)
  );
}

/** Whether a claim was made for a StatefulSet of the part's release. */
export function isClaimOf(part: Part, name: string, labels: Record<string, string>): boolean {
  const ofRelease = labels.release === part || labels["app.kubernetes.io/instance"] === part;
  return ofRelease && new RegExp(`-${part}(-[a-z-]+)?-\\d+$`).test(name);
}

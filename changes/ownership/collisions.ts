import type { FoundObject } from "../../cluster/kubeApi";
import type { Problem } from "../../domain/problem";
import type { Settings } from "../../config/settings";
import type { Part } from "../../domain/parts";
import { partLabel, stackLabel } from "../../domain/names";
import { clusterObjectsOf, objectsOf, type Kind, type NamedObject } from "../../render/objects";
import { usedParts } from "../../domain/parts";
import { helmAnnotations, labelValue, ownerAnnotation, ownerText, type Owner } from "../../render/ownership";
import { admits, podSecurityOf } from "../../render/podSecurity";

/** What exists in the namespaces that a stack names, and outside of them under the names that it uses. */
export interface Inventory {
  /** The namespaces that exist. */
  namespaces: FoundObject[];
  /** Objects in these namespaces, of the kinds that the stack makes, and objects outside of namespaces. */
  objects: FoundObject[];
  /** Helm releases with a record in these namespaces. */
  releases: { namespace: string; name: string }[];
}

/** Something in the stack's way that belongs to somebody else. */
export type Collision = Problem;

/** The key of an object in {@link Claimant.known}. */
export function objectKey(kind: string, name: string, namespace?: string): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** The stack that is about to take its place in the cluster. */
export interface Claimant {
  /** Its settings. */
  settings: Settings;
  /** Its project and name, which its mark consists of. */
  owner: Owner;
  /** Keys of the objects in its state. Default: the state is unknown, so only the mark on an object decides. */
  known?: ReadonlySet<string>;
  /** Those of them whose creation an interrupted run began: they may exist or not. Default: none. */
  begun?: ReadonlySet<string>;
}

/**
 * Everything that a stack would take over, change or delete although it belongs to somebody else. Pure.
 *
 * An object belongs to the stack if it carries the stack's mark and, if the state is known, is in the state.
 */
export function collisionsOf(there: Inventory, claimant: Claimant): Collision[] {
  const judge = new Judge(there, claimant);
  return [
    ...namespacesByName(claimant.settings).flatMap(([namespace, parts]) => judge.inNamespace(namespace, parts)),
    ...judge.outsideNamespaces(),
  ];
}

/** Each namespace with the parts that live in it. */
function namespacesByName(settings: Settings): [string, Part[]][] {
  const byName = new Map<string, Part[]>();
  for (const part of usedParts(settings))
    byName.set(settings.namespaces[part], [...(byName.get(settings.namespaces[part]) ?? []), part]);
  return [...byName];
}

class Judge {
  private readonly settings: Settings;
  private readonly owner: Owner;
  private readonly known: ReadonlySet<string> | undefined;
  private readonly wanted: NamedObject[];

  constructor(
    private readonly there: Inventory,
    { settings, owner, known }: Claimant,
  ) {
    this.settings = settings;
    this.owner = owner;
    this.known = known;
    this.wanted = objectsOf(settings, owner);
  }

  inNamespace(namespace: string, parts: Part[]): Collision[] {
    const found = this.there.namespaces.find(({ name }) => name === namespace);
    const existing = parts.filter((part) => this.settings.existingNamespaces.includes(part));
    if (existing.length === 0) {
      if (found === undefined) return [];
      return this.isOwnNamespace(found) ? this.taken(namespace, parts) : this.foreignNamespace(found, parts);
    }
    if (found === undefined) return [missing(namespace, existing)];
    const maker = this.makerOf(found);
    if (maker !== undefined)
      return [maker === ownerText(this.owner) ? givenUp(namespace, existing) : madeByStack(namespace, existing, maker)];
    return [...this.tooStrict(found, parts), ...this.taken(namespace, parts)];
  }

  outsideNamespaces(): Collision[] {
    const { alloy } = this.settings.namespaces;
    const foreign = this.clusterObjects().filter((object) => !this.isOwnClusterObject(object));
    if (foreign.length === 0) return [];
    return [
      {
        problem:
          `${foreign.map(({ kind, name }) => `${kind} ${name}`).join(" and ")} ` +
          `${foreign.length === 1 ? "exists but does" : "exist but do"} not belong to this stack`,
        remedy: [
          `name another namespace for Alloy, because that name contains it:  ${setNamespace("alloy", `${alloy}-2`)}`,
          "or remove them, if nothing uses them",
        ],
      },
    ];
  }

  /** If a namespace does not admit the pods of a release, the release waits for them until it fails. */
  private tooStrict({ name, labels }: FoundObject, parts: Part[]): Collision[] {
    const level = labels[enforceLabel];
    const needed = (part: Part) => podSecurityOf(part, this.settings.alloy);
    return parts
      .filter((part) => !admits(level, needed(part)))
      .map((part) => ({
        problem: `namespace ${name} enforces Pod Security ${level}, but the pods of ${part} need ${needed(part)}`,
        remedy: [
          `name another namespace: ${setNamespace(part, `${this.owner.stack}-${part}`)}`,
          ...(part === "alloy"
            ? ["or read logs through the API server: pulumi config set --path logharbor:alloy.source kubernetes-api"]
            : []),
        ],
      }));
  }

  private foreignNamespace(found: FoundObject, parts: Part[]): Collision[] {
    const { name } = found;
    const keys = parts.map((part) => `logharbor:namespaces.${part}`).join(" and ");
    const taken = this.foundIn(name, parts).map(textOf);
    const marked = this.makerOf(found) === ownerText(this.owner);
    const isKnown = this.known?.has(objectKey("Namespace", name)) === true;
    const whose = marked
      ? "is marked as this stack's but is missing from its state: the state was lost, or is in another backend"
      : isKnown
        ? "is in this stack's state but does not carry its mark: somebody created it again or removed its labels"
        : "does not belong to this stack " +
          `(${this.makerOf(found) === undefined ? "it carries no mark" : `its mark is that of ${this.makerOf(found)}`})`;
    return [
      {
        problem:
          `namespace ${name}, which ${keys} names, already exists and ` +
          `${whose}${taken.length === 0 ? "" : `; up would change these objects in it: ${taken.join(", ")}`}`,
        remedy: [
          ...(marked
            ? [
                "use its state again: pulumi login to the backend that has it, or pulumi stack import --file with a backup of it",
              ]
            : []),
          ...(isKnown && !marked
            ? [
                `mark it, if this stack may delete it with everything in it: kubectl label namespace ${name} ` +
                  `${stackLabel}=${labelValue(this.owner.stack)} ${partLabel}=${parts[0]}`,
              ]
            : []),
          ...parts.map((part) => `name another: ${setNamespace(part, `${this.owner.stack}-${part}`)}`),
          ...parts.map(
            (part, index) =>
              "or use it unchanged: pulumi config set --path " +
              `'logharbor:existingNamespaces[${this.settings.existingNamespaces.length + index}]' ` +
              `${part}${taken.length === 0 ? "" : " (once those names are free)"}`,
          ),
        ],
      },
    ];
  }

  /** Objects of others with names that the stack needs, in a namespace that is the stack's or that it may use. */
  private taken(namespace: string, parts: Part[]): Collision[] {
    const foreign = this.foundIn(namespace, parts).filter(({ object, wanted }) => !this.isOwn(object, wanted));
    if (foreign.length === 0) return [];
    return [
      {
        problem:
          `namespace ${namespace} holds ${foreign.map(textOf).join(", ")}, which ` +
          `${foreign.length === 1 ? "does" : "do"} not belong to this stack but ` +
          `${foreign.length === 1 ? "has a name" : "have names"} that it needs`,
        remedy: [
          ...parts.map((part) => `name another namespace: ${setNamespace(part, `${this.owner.stack}-${part}`)}`),
          "or remove or rename them, if they are yours",
        ],
      },
    ];
  }

  /** Objects in a namespace with names that the stack uses there. A Helm release stands for everything in its chart. */
  private foundIn(
    namespace: string,
    parts: Part[],
  ): { object: FoundObject; wanted: NamedObject | { part: Part; by: "helm" } }[] {
    const named = this.wanted.filter(({ part }) => parts.includes(part));
    const objects = this.there.objects.filter((object) => object.namespace === namespace);
    const inside = objects.flatMap((object) => {
      const wanted = named.find(({ kind, name }) => kind === object.kind && name === object.name);
      return wanted === undefined ? [] : [{ object, wanted }];
    });
    const releases = this.there.releases
      .filter((release) => release.namespace === namespace && parts.includes(release.name as Part))
      .map(({ name }) => ({
        object: { kind: "Helm release", namespace, name, labels: {}, annotations: {}, managers: [] },
        wanted: { part: name as Part, by: "helm" as const },
      }));
    const isRecorded = (object: FoundObject) =>
      releases.some(({ object: { name } }) => name === object.annotations[helmAnnotations.release]);
    return [...releases, ...inside.filter(({ object, wanted }) => wanted.by !== "release" || !isRecorded(object))];
  }

  private isOwn(object: FoundObject, wanted: NamedObject | { part: Part; by: "helm" }): boolean {
    const { namespace = "" } = object;
    const isExisting = this.settings.existingNamespaces.includes(wanted.part);
    if (wanted.by === "helm") return this.isOwnRelease(namespace, wanted.part);
    if (wanted.by === "release") {
      const { [helmAnnotations.release]: release, [helmAnnotations.namespace]: home } = object.annotations;
      return release === wanted.part && home === namespace && this.isOwnRelease(namespace, wanted.part);
    }
    if (wanted.by === "cert-manager")
      return !isExisting || object.annotations["cert-manager.io/certificate-name"] === "logharbor";
    const key = objectKey(object.kind, object.name, namespace);
    // If the state has the namespace or something in it, the objects that it lacks come from an interrupted run.
    if (object.annotations[ownerAnnotation] !== undefined)
      return (
        this.isMarked(object) &&
        this.knows(
          (known) => known === key || known === objectKey("Namespace", namespace) || known.includes(` ${namespace}/`),
        )
      );
    // Earlier versions marked only the namespaces.
    return (
      !isExisting &&
      object.managers.some((manager) => manager.startsWith("pulumi-kubernetes")) &&
      this.knows((known) => known === key)
    );
  }

  private isOwnRelease(namespace: string, part: Part): boolean {
    const isRecorded = this.there.releases.some((release) => release.namespace === namespace && release.name === part);
    const inState = this.knows((known) => known === objectKey("Release", part, namespace));
    if (isRecorded && !inState) return false;
    return !this.settings.existingNamespaces.includes(part) || this.hasCompanion(namespace, part);
  }

  /**
   * Whether an object that the program makes before the release exists and is the stack's. The release itself carries
   * no mark.
   */
  private hasCompanion(namespace: string, part: Part): boolean {
    const inside = this.wanted.filter((wanted) => wanted.part === part && wanted.by === "stack");
    const isThere = this.there.objects.some(
      (object) =>
        object.namespace === namespace &&
        inside.some(({ kind, name }) => kind === object.kind && name === object.name) &&
        this.isMarked(object),
    );
    return isThere || (part === "alloy" && this.clusterObjects().some((object) => this.isMarked(object)));
  }

  private isOwnNamespace(found: FoundObject): boolean {
    return (
      this.makerOf(found) === ownerText(this.owner) &&
      this.knows((known) => known === objectKey("Namespace", found.name))
    );
  }

  private clusterObjects(): FoundObject[] {
    const wanted = clusterObjectsOf(this.settings, this.owner);
    return this.there.objects.filter(
      (object) =>
        object.namespace === undefined && wanted.some(({ kind, name }) => kind === object.kind && name === object.name),
    );
  }

  private isOwnClusterObject(object: FoundObject): boolean {
    const { alloy } = this.settings.namespaces;
    const key = objectKey(object.kind, object.name);
    return (
      this.isMarked(object) &&
      this.knows((known) => known === key || known === objectKey("Namespace", alloy) || known.includes(` ${alloy}/`))
    );
  }

  private isMarked({ annotations }: FoundObject): boolean {
    return annotations[ownerAnnotation] === ownerText(this.owner);
  }

  /**
   * The stack that made a namespace; undefined if nothing marks it. Earlier versions noted only the name of the stack,
   * so its project is assumed to be this one.
   */
  private makerOf({ annotations, labels }: FoundObject): string | undefined {
    const stack = labels[stackLabel];
    if (annotations[ownerAnnotation] !== undefined) return annotations[ownerAnnotation];
    if (stack === undefined) return undefined;
    return stack === labelValue(this.owner.stack) ? ownerText(this.owner) : ownerText({ ...this.owner, stack });
  }

  private knows(holds: (known: string) => boolean): boolean {
    return this.known === undefined || [...this.known].some(holds);
  }
}

/** Describes each existing namespace that the stack uses unchanged, in one text each. Pure. */
export function existingHomes({ namespaces }: Pick<Inventory, "namespaces">, settings: Settings): string[] {
  return namespacesByName(settings).flatMap(([namespace, parts]) => {
    const found = namespaces.find(({ name }) => name === namespace);
    if (found === undefined || !parts.some((part) => settings.existingNamespaces.includes(part))) return [];
    const level = found.labels[enforceLabel];
    return [
      `namespace ${namespace} (${parts.join(", ")}) is used unchanged; it enforces ` +
        `${level === undefined ? "no Pod Security level by label" : `Pod Security ${level}, under which these pods run`}`,
    ];
  });
}

const enforceLabel = "pod-security.kubernetes.io/enforce";

function missing(namespace: string, parts: Part[]): Collision {
  return {
    problem: `namespace ${namespace}, which logharbor:existingNamespaces relies on (${parts.join(", ")}), does not exist`,
    remedy: [
      `create it: kubectl create namespace ${namespace}`,
      `or let the stack create and own it: remove ${parts.join(", ")} from logharbor:existingNamespaces`,
    ],
  };
}

function madeByStack(namespace: string, parts: Part[], maker: string): Collision {
  return {
    problem:
      `namespace ${namespace}, which logharbor:existingNamespaces relies on (${parts.join(", ")}), belongs to stack ` +
      `${maker}: a destroy of that stack would delete it`,
    remedy: parts.map((part) => `name another: ${setNamespace(part, "NAMESPACE")}`),
  };
}

function givenUp(namespace: string, parts: Part[]): Collision {
  return {
    problem:
      `this stack created namespace ${namespace}, but logharbor:existingNamespaces names ${parts.join(", ")}: up ` +
      "would delete it with every log in it",
    remedy: [`remove ${parts.join(", ")} from logharbor:existingNamespaces`],
  };
}

function setNamespace(part: Part, namespace: string): string {
  return `pulumi config set --path logharbor:namespaces.${part} ${namespace}`;
}

function textOf({ object: { kind, name } }: { object: Pick<FoundObject, "kind" | "name"> }): string {
  return `${kind} ${name}`;
}

/** Kinds of the objects that the stack makes in a namespace, each once. */
export function kindsOf(settings: Settings, owner: Owner, namespace: string): Kind[] {
  const parts = usedParts(settings).filter((part) => settings.namespaces[part] === namespace);
  return [...new Set(objectsOf(settings, owner).flatMap(({ part, kind }) => (parts.includes(part) ? [kind] : [])))];
}

import { isDeepStrictEqual } from "node:util";
import { isObject, listAt, objectAt, textAt, type Json, type JsonObject } from "../diff/json";

/** Who wrote a field, as the API server records it in an object's `managedFields`. */
export interface Writer {
  /** Field manager, such as `kubectl-edit`. */
  name: string;
  /** When it wrote to the object last, RFC 3339. Undefined if that is not recorded. */
  time?: string;
}

/** What the fields of a writer are to us. */
export type Role = "maker" | "controller" | "other";

/** Pulumi's provider, which also runs Helm, and our own hand when it mends. */
const makers = /^(pulumi-kubernetes(-|$)|pulumi-resource-kubernetes|helm$|logharbor$)/;
/** What runs in a cluster and keeps fields of objects that others make: replicas, finalizers, injected containers. */
const controllers =
  /controller|operator|autoscaler|injector|webhook|^(kubelet|kube-scheduler|kube-apiserver|rancher|vpa-|istio|linkerd)/;
/** They make objects from a repository. Two makers of one object are drift. */
const makersOfOthers = /^(argocd|kustomize-controller|helm-controller|flux)/;

/** The name with which we write to an object. */
export const ownManager = "logharbor";

/** What a field manager is to a stack's objects. Pure. */
export function roleOf(name: string): Role {
  if (makers.test(name)) return "maker";
  return controllers.test(name) && !makersOfOthers.test(name) ? "controller" : "other";
}

/** The fields of a writer from some place on; `all`: whatever is there. */
interface Share {
  writer: Writer;
  fields: JsonObject | "all";
}

/** Who wrote what at one place of an object. Pure. */
export class Writers {
  private constructor(private readonly shares: readonly Share[]) {}

  /** The writers of an object as the API server gives it. */
  static of(live: Json): Writers {
    const entries = listAt(live, "metadata", "managedFields").filter(
      (entry) => textAt(entry, "subresource") !== "status",
    );
    return new Writers(
      entries.map((entry) => {
        const time = textAt(entry, "time");
        const writer = { name: textAt(entry, "manager") ?? "", ...(time === undefined ? {} : { time }) };
        return { writer, fields: objectAt(entry, "fieldsV1") };
      }),
    );
  }

  /** The writers of a field of this object. */
  field(field: string): Writers {
    return this.within((fields) => fields[`f:${field}`]);
  }

  /** The writers of an element of this list. */
  element(element: Json): Writers {
    return this.within((fields) => {
      const key = Object.keys(fields).find((name) => names(name, element));
      return key === undefined ? undefined : fields[key];
    });
  }

  /** Those who wrote something here or below. */
  get all(): Writer[] {
    return this.shares.map(({ writer }) => writer);
  }

  /** Whether one of our makers wrote whatever is here, and nobody a part of it. */
  get isMakers(): boolean {
    const isAll = ({ fields }: Share) => fields === "all";
    return this.shares.every(isAll) && this.roles.has("maker");
  }

  /** Whether controllers wrote what is here, and nobody else. */
  get isControllers(): boolean {
    return this.roles.size === 1 && this.roles.has("controller");
  }

  /** Whether somebody wrote here, or below, who is neither a maker nor a controller. */
  get hasOthers(): boolean {
    return this.roles.has("other");
  }

  /** Whether such a one wrote the value itself, and nobody else anything of it. */
  get isOthers(): boolean {
    const isItself = ({ fields }: Share) => fields === "all" || "." in fields;
    return this.roles.size === 1 && this.hasOthers && this.shares.some(isItself);
  }

  private get roles(): Set<Role> {
    return new Set(this.shares.map(({ writer }) => roleOf(writer.name)));
  }

  private within(step: (fields: JsonObject) => Json | undefined): Writers {
    // Of an object that others fill, the server notes in the same way that somebody made it.
    const isWhole = this.shares.every(({ fields }) => fields === "all");
    return new Writers(
      this.shares.flatMap(({ writer, fields }): Share[] => {
        if (fields === "all") return isWhole ? [{ writer, fields }] : [];
        const next = step(fields);
        if (!isObject(next)) return [];
        return [{ writer, fields: Object.keys(next).length === 0 ? "all" : next }];
      }),
    );
  }
}

/** Whether a name in `managedFields` is that of an element: by its keys, or by the whole value in a set. */
function names(name: string, element: Json): boolean {
  if (name.startsWith("v:")) return isDeepStrictEqual(JSON.parse(name.slice(2)), element);
  if (!name.startsWith("k:") || !isObject(element)) return false;
  return Object.entries(JSON.parse(name.slice(2)) as JsonObject).every(([key, value]) => element[key] === value);
}

/** The one who wrote last. */
export function newest(writers: readonly Writer[]): Writer | undefined {
  return [...writers].sort((a, b) => (a.time ?? "").localeCompare(b.time ?? "")).at(-1);
}

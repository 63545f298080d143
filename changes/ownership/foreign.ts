import type { KubeConfig } from "@kubernetes/client-node";
import { foreignObjects, type Content, type ForeignInput } from "./foreignObjects";
import { ownerAnnotation, ownerText } from "../../render/ownership";
import { stackLabel } from "../../domain/names";
import { OperatorError } from "../../domain/problem";
import { Looks } from "../../cluster/looks";
import { foundObject, KubeApi } from "../../cluster/kubeApi";
import type { Part } from "../../domain/parts";

/** A namespace that the stack made. */
export interface KnownNamespace {
  /** Its name. */
  name: string;
  /** The part that lives in it. */
  part: Part;
}

/** An object of somebody else that a destroy would remove. */
export interface ForeignObject {
  /** Kubernetes kind. */
  kind: string;
  /** Namespace that it lies in; for a Namespace, its own name. */
  namespace: string;
  /** Name of the object. */
  name: string;
}

/** What a destroy would remove although it is not the stack's. */
export interface Foreign {
  /** The objects that were found. */
  objects: ForeignObject[];
  /** What the kubeconfig's user has no right to see, in words. */
  unseen: string[];
}

/** A destroy would remove objects of others, so nothing was touched. */
export class ForeignObjectsError extends OperatorError {
  constructor(
    stack: string,
    readonly objects: readonly ForeignObject[],
  ) {
    const count = objects.length === 1 ? "an object that does" : `${objects.length} objects that do`;
    super(
      `The namespaces of stack "${stack}" hold ${count} not belong to it, so nothing was touched:\n${foreignText(objects)}`,
      ["move them elsewhere", `or remove them with the stack: npm run destroy -- --stack ${stack} --with-foreign`],
      { code: "foreign-objects" },
    );
    this.name = "ForeignObjectsError";
  }
}

/** The objects as text, each on an indented line. */
export function foreignText(objects: readonly ForeignObject[]): string {
  return objects.map(({ kind, namespace, name }) => `  ${namespace}: ${kind} ${name}`).join("\n");
}

/** Finds the objects of others in namespaces that the stack's state holds. Changes nothing. */
export async function foreignIn(
  kubeConfig: KubeConfig,
  namespaces: readonly KnownNamespace[],
  stack: Omit<ForeignInput, "part">,
): Promise<Foreign> {
  const api = new KubeApi(kubeConfig);
  const looks = new Looks();
  const resources = await namespacedResources(api);
  const found = await Promise.all(
    namespaces.map(async ({ name, part }): Promise<ForeignObject[]> => {
      const namespace = await looks.at(`namespace ${name}`, undefined, async () =>
        api.get<{ metadata: { labels?: Record<string, string>; annotations?: Record<string, string> } }>(
          `api/v1/namespaces/${name}`,
        ),
      );
      if (namespace === undefined) return [];
      const { labels = {}, annotations = {} } = namespace.metadata;
      const isMarked =
        annotations[ownerAnnotation] === ownerText(stack.owner) ||
        (annotations[ownerAnnotation] === undefined && labels[stackLabel] !== undefined);
      const contents = (
        await Promise.all(resources.map((resource) => contentsOf(api, { ...resource, namespace: name }, looks)))
      ).flat();
      const foreign = isMarked ? foreignObjects(distinct(contents), { ...stack, part }) : distinct(contents);
      return [
        ...(isMarked ? [] : [{ kind: "Namespace", namespace: name, name }]),
        ...foreign.map(({ kind, name: object }) => ({ kind, namespace: name, name: object })),
      ];
    }),
  );
  return { objects: found.flat(), unseen: looks.unseen };
}

interface ApiResource {
  kind: string;
  path: string;
}

interface Discovery {
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      resources?: { resource: string; responseKind?: { kind: string }; scope: string; verbs: string[] }[];
    }[];
  }[];
}

/**
 * Every kind of object that lies in namespaces and can be listed, in the version that the API server prefers for its
 * group.
 */
async function namespacedResources(api: KubeApi): Promise<ApiResource[]> {
  const accept = ["v2", "v2beta1"]
    .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
    .join(",");
  const found = await Promise.all(
    ["api", "apis"].map(async (root) => ({ root, list: await api.get<Discovery>(root, accept) })),
  );
  return found.flatMap(({ root, list }) =>
    list.items.flatMap(({ metadata, versions }) => {
      const [preferred] = versions;
      const group = metadata.name === undefined || metadata.name === "" ? root : `${root}/${metadata.name}`;
      return (preferred?.resources ?? [])
        .filter(({ scope, verbs }) => scope === "Namespaced" && verbs.includes("list"))
        .map(({ resource, responseKind }) => ({
          kind: responseKind?.kind ?? resource,
          path: `${group}/${preferred?.version}/${resource}`,
        }));
    }),
  );
}

async function contentsOf(
  api: KubeApi,
  { kind, path, namespace }: ApiResource & { namespace: string },
  looks: Looks,
): Promise<Content[]> {
  const items = await looks.at(`${kind}s in ${namespace}`, [], async () => api.list(path, { namespace }));
  return items.map((metadata) => ({
    ...foundObject(kind, { ...metadata, namespace }),
    uid: metadata.uid ?? "",
    owners: (metadata.ownerReferences ?? []).map(({ uid }) => uid),
  }));
}

/** Drops duplicates: two API groups can serve the same object. */
function distinct(contents: readonly Content[]): Content[] {
  return [...new Map(contents.map((content) => [content.uid, content])).values()];
}

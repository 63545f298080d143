import { at, text, types, type Resource } from "./resource";

const label = "pod-security.kubernetes.io/enforce";

/**
 * Namespaces that do not enforce Pod Security `restricted`. One of them may be privileged, for an Alloy that reads the
 * nodes' files.
 */
export function looseNamespaces(resources: readonly Resource[]): string[] {
  const loose = resources.filter(
    ({ type, props }) => type === types.namespace && at(props, "metadata", "labels", label) !== "restricted",
  );
  const said = ({ name, props }: Resource) =>
    `namespace ${name} enforces ${text(at(props, "metadata", "labels", label)) || "no Pod Security level"}`;
  const without = loose.filter(({ props }) => at(props, "metadata", "labels", label) === undefined);
  return [...without, ...(loose.length > 1 ? loose.filter((resource) => !without.includes(resource)) : [])].map(said);
}

import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import type { Existing } from "./existing";

/** Another namespace for MinIO or Loki. Pulumi would delete the old one, with every log in it. */
export function movedNamespaces({ homes }: Existing, { namespaces }: Settings): Danger[] {
  return homes
    .filter(({ part, name }) => namespaces[part] !== name)
    .map(({ part, name }) => ({
      key: `namespaces.${part}`,
      problem:
        `is ${namespaces[part]}, but the stack's ${part} lives in ${name}: that namespace and every log in it would be ` +
        "deleted",
      remedy: `set it back to ${name}`,
      allow: "namespace-moved",
    }));
}

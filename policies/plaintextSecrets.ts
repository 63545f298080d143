import { plaintextCredentials } from "../domain/plaintext";
import { types, type Resource } from "./resource";

/** Credentials that anybody can read who may read a ConfigMap, or Helm's record of the values. */
export function plaintextSecrets({ type, props }: Resource): string[] {
  const readable = { [types.configMap]: props.data, [types.release]: props.values }[type];
  return plaintextCredentials(readable).map(
    (path) => `${path.join(".")} holds a credential in plain text; keep it in a Secret and refer to that`,
  );
}

import { leaves, types, type Resource } from "./resource";

/** Keys whose value is a credential. */
const credential = /(password|passwd|secret_?(access_?)?key|private_?key|(api|access|auth|bearer)_?token|htpasswd)$/i;
/** The same inside a text that is a configuration of its own, where the value is neither empty nor a variable. */
const credentialLine =
  /^[\s-]*["']?[\w.]*(password|passwd|secret_?(access_?)?key|private_?key|(api|access|auth|bearer)_?token)["']?\s*[:=]\s*["']?(?!["'$]|sys\.env|env\()[^\s"']/im;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const urlWithPassword = /\w:\/\/[^\s/:@$]+:[^\s/@$]+@/;
const variable = /^\$(\{|__)/;
/** A key of a Secret, or the name of its file. */
const fileName = /^[\w-]+\.(key|pem)$/;

/** Credentials where anybody who may read a ConfigMap, or Helm's own record of the values, can read them. */
export function plaintextSecrets({ type, props }: Resource): string[] {
  const readable = { [types.configMap]: props.data, [types.release]: props.values }[type];
  return [...leaves(readable)].flatMap(({ path, value }) => {
    if (typeof value !== "string" || value === "") return [];
    const named = credential.test(path.at(-1) ?? "") && !variable.test(value) && !fileName.test(value);
    if (!named && !credentialLine.test(value) && !privateKey.test(value) && !urlWithPassword.test(value)) return [];
    return [`${path.join(".")} holds a credential in plain text; keep it in a Secret and refer to that`];
  });
}

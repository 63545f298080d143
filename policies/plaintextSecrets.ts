import { leaves, types, type Resource } from "./resource";

const names = "password|passwd|secret_?(access_?)?key|private_?key|(api|access|auth|bearer)_?token";
/** Keys whose value is a credential. */
const credential = new RegExp(`(${names}|htpasswd)$`, "i");
const value = String.raw`["']?(?!["'$]|sys\.env|env\()[^\s"']`;
/** The same inside a text that is itself a configuration; the value is neither empty nor a variable. */
const credentialLine = new RegExp(String.raw`^[\s-]*["']?[\w.]*(${names})["']?\s*[:=]\s*${value}`, "im");
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const urlWithPassword = /\w:\/\/[^\s/:@$]+:[^\s/@$]+@/;
const variable = /^\$(\{|__)/;
/** A file name: such a value names a key of a Secret, and is not a credential. */
const fileName = /^[\w-]+\.(key|pem)$/;

/** Credentials that anybody can read who may read a ConfigMap, or Helm's record of the values. */
export function plaintextSecrets({ type, props }: Resource): string[] {
  const readable = { [types.configMap]: props.data, [types.release]: props.values }[type];
  return [...leaves(readable)].flatMap(({ path, value }) => {
    if (typeof value !== "string" || value === "") return [];
    const named = credential.test(path.at(-1) ?? "") && !variable.test(value) && !fileName.test(value);
    if (!named && !credentialLine.test(value) && !privateKey.test(value) && !urlWithPassword.test(value)) return [];
    return [`${path.join(".")} holds a credential in plain text; keep it in a Secret and refer to that`];
  });
}
